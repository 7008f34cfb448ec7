#!/usr/bin/env python3
"""Measures how long hostile shapes of text take at a size, at twice and at four times that, and how much memory.

    scripts/linear.py [--size KILOBYTES] [--gleaner BINARY] [SHAPE...]

Linear is a ratio of 2, quadratic one of 4. Each is a site of one file, built; the time is that of the processors.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SENTENCE = "The leeks of this spring stood better than those of the year before. "


def filled(unit, size, before="", after=""):
    return before + unit * max(1, size // len(unit)) + after


def nested(opening, words, closing, size):
    count = size // (len(opening) + len(closing))
    return opening * count + words + closing * count


FRONT = '+++\ntitle = "A"\n+++\n'
# A shape, the file it stands in, and its text of about so many bytes.
SHAPES = {
    "text: one line": ("seeds/a.txt", lambda n: "On leeks\n\n" + filled(SENTENCE, n)),
    "text: one word": ("seeds/a.txt", lambda n: "On leeks\n\n" + SENTENCE + "\n\n" + "x" * n),
    "text: short lines": ("seeds/a.txt", lambda n: "On leeks\n\n" + filled("Leeks stand\n", n)),
    "text: headings": ("seeds/a.txt", lambda n: filled("A HEADING OF IT\n\n" + SENTENCE + "\n\n", n)),
    "text: quotations": ("seeds/a.txt", lambda n: "On leeks\n\n" + filled(">", n) + " " + SENTENCE),
    "text: lists": ("seeds/a.txt", lambda n: "On leeks\n\n" + filled("1. a\n  a) b\n    - c\n", n)),
    "text: table": ("seeds/a.txt", lambda n: "On leeks\n\n" + filled("Year   Leeks   Beans\n2010   12      1,400\n", n)),
    "text: brackets": ("seeds/a.txt", lambda n: "On leeks\n\n" + SENTENCE + filled("[(", n)),
    "text: addresses": ("seeds/a.txt", lambda n: "On leeks\n\n" + SENTENCE + filled("http://a.b/_*", n)),
    "html: nested": ("seeds/a.html", lambda n: nested("<div>", SENTENCE, "</div>", n)),
    "html: quotations": ("seeds/a.html", lambda n: nested("<blockquote>", SENTENCE, "</blockquote>", n)),
    "html: lists": ("seeds/a.html", lambda n: nested("<ul><li>", SENTENCE, "</li></ul>", n)),
    "html: unclosed": ("seeds/a.html", lambda n: "<p>" + SENTENCE + filled("<b><i>", n)),
    "html: entities": ("seeds/a.html", lambda n: "<p>" + SENTENCE + filled("&amp;&lt;&#x41;&notit;", n)),
    "html: paragraphs": ("seeds/a.html", lambda n: "<h1>Leeks</h1>" + filled("<p>" + SENTENCE + "</p>", n)),
    "html: headings": ("seeds/a.html", lambda n: filled("<h2>A heading</h2><p>" + SENTENCE + "</p>", n)),
    "html: table": ("seeds/a.html", lambda n: "<table>" + filled("<tr><td>2010<td>12", n) + "</table>"),
    "html: links": ("seeds/a.html", lambda n: "<p>" + filled('<a href="/a">leeks</a> stand ', n)),
    "md: headings": ("content/articles/a.md", lambda n: FRONT + filled("# Leeks\n", n)),
    "md: quotations": ("content/articles/a.md", lambda n: FRONT + filled(">", n)),
    "md: lists": ("content/articles/a.md", lambda n: FRONT + filled("- ", n)),
    "md: brackets": ("content/articles/a.md", lambda n: FRONT + filled("[", n)),
    "md: wikilinks": ("content/articles/a.md", lambda n: FRONT + filled("[[a", n)),
    "md: dangling": ("seeds/a.md", lambda n: "# A\n\n" + "".join(f"[[Leek {i}]] " for i in range(n // 12))),
    "md: emphasis": ("content/articles/a.md", lambda n: FRONT + filled("*a _b ", n)),
    "md: backticks": ("content/articles/a.md", lambda n: FRONT + "".join("`" * i + " " for i in range(int((2 * n) ** 0.5)))),
    "md: links": ("content/articles/a.md", lambda n: FRONT + filled("[a](b", n)),
    "md: notes": ("content/articles/a.md", lambda n: FRONT + "".join(f"[^{i}]\n\n[^{i}]: a\n\n" for i in range(n // 20))),
    "md: table": ("content/articles/a.md", lambda n: FRONT + "|a|b|\n|-|-|\n" + filled("|c|d|\n", n)),
    "md: formulas": ("content/articles/a.md", lambda n: FRONT + filled("$x$ ", n)),
    "md: markup": ("content/articles/a.md", lambda n: FRONT + filled("<b>", n)),
    "keys: TOML": ("content/articles/a.md", lambda n: '+++\ntitle = "A"\nauthors = [' + filled('"B", ', n) + "]\n+++\nWords.\n"),
    "keys: YAML": ("content/articles/a.md", lambda n: "---\ntitle: A\nauthors: [" + filled("B, ", n) + "]\n---\nWords.\n"),
    "keys: nested": ("seeds/a.md", lambda n: "---\ntitle: A\nx: " + "[" * n + "\n---\nWords.\n"),
    "keys: unknown": ("seeds/a.md", lambda n: "---\ntitle: A\n" + "".join(f"k{i}: v\n" for i in range(n // 9)) + "---\nWords.\n"),
}


def measured(binary, name, text, patience):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "gleaner.toml").write_text('title = "T"\ncards = false\n')
        place = root / name
        place.parent.mkdir(parents=True)
        place.write_text(text)
        child = subprocess.Popen([binary, "--quiet", "build"], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        began = time.monotonic()
        while True:
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() - began > patience:
                child.kill()
                os.wait4(child.pid, 0)
                return None
            time.sleep(0.01)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, os.waitstatus_to_exitcode(status)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=250, help="the first size, in kilobytes")
    parser.add_argument("--gleaner", default="target/debug/gleaner")
    parser.add_argument("--patience", type=float, default=120, help="seconds after which a build counts as hanging")
    parser.add_argument("shapes", nargs="*")
    asked = parser.parse_args()
    binary = os.path.abspath(asked.gleaner)
    is_bad = False
    print(f"{'shape':<20}{'1x':>8}{'2x':>8}{'4x':>8}{'ratio':>7}{'MB':>7}  exit")
    for shape, (name, make) in SHAPES.items():
        if asked.shapes and not any(part in shape for part in asked.shapes):
            continue
        runs = [measured(binary, name, make(asked.size * 1000 * times), asked.patience) for times in (1, 2, 4)]
        times = [f"{run[0]:8.2f}" if run else f"{'hangs':>8}" for run in runs]
        ratio = runs[2][0] / runs[1][0] if runs[1] and runs[2] else float("nan")
        # Killed by a signal, or by its own panic.
        fell = [run for run in runs if run is None or run[2] not in (0, 1)]
        is_bad = is_bad or bool(fell)
        last = runs[2] or (0, 0, "-")
        print(f"{shape:<20}{''.join(times)}{ratio:>7.1f}{last[1]:>7}  {last[2]}", flush=True)
    sys.exit(1 if is_bad else 0)


if __name__ == "__main__":
    main()
