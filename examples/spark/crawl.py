#!/usr/bin/env python3
"""Clean and sort a crawl on a cluster: `gleaner import` is the map, Spark does the rest.

    crawl.py --rules FILE --out DIR [--warc FILE ...] [--jsonl FILE ...] [options]

--warc    web archives, WARC or WET, packed or not; each file is a task. Files must be where the executors see them;
          with `--open 'hadoop fs -cat {}'`, or any other command that writes a file, they may be anywhere.
--jsonl   JSON Lines, cut into partitions as Spark likes.
--rules   what `gleaner freeze FILE` wrote in the site that the articles are for; Spark sends it to the executors.

DIR/lines/    the line of every seed, as gleaner wrote it
DIR/articles/ the articles that deserve a place, as Parquet: every column of the line, and `slug` made unique
DIR/kept/     a row for each article that was good enough: its `id`, and `folded_into`, the article it is a copy of, if
              it is one
DIR/content/  with `--content`: the articles as files, for the folder `content/` of a site

Which articles deserve a place, and which are one piece, is decided as in `examples/parallel/keep.py`.
"""
import argparse
import base64
import pathlib
import shlex
import subprocess
import sys
import threading

from pyspark import SparkFiles
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f

BANDS = 16
WIDEST = 32
FEWEST_SHARED = 4

# Only what is needed here: a line has more, and may have more still.
LINE = ("id string, url string, outcome string, reason string, hash string, slug string, article string, "
        "facts struct<title: string, date: string, authors: array<string>, language: string, url: string, site: string, "
        "words: int>, topics array<struct<topic: string, score: double>>, removed_words int, "
        "fingerprint struct<runs: int, smallest: array<string>>, pictures array<struct<name: string, base64: string>>")


def arguments():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rules", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--warc", nargs="*", default=[])
    ap.add_argument("--jsonl", nargs="*", default=[])
    ap.add_argument("--gleaner", default="gleaner", help="the program, where the executors find it")
    ap.add_argument("--open", default="cat {}", help="a command that writes the file {} to its output")
    ap.add_argument("--partitions", type=int, default=0, help="partitions of the JSON Lines; 0 leaves it to Spark")
    ap.add_argument("--content", action="store_true")
    ap.add_argument("--topic", action="append", default=[], help="keep articles of these topics; else of any")
    ap.add_argument("--least-words", type=int, default=100, help="articles with fewer words are left out")
    ap.add_argument("--most-removed", type=float, default=0.5, help="pages with a larger share of furniture are left out")
    return ap.parse_args()


def command(args, kind):
    """One job for each task: Spark says how many run on a machine."""
    return [args.gleaner, "--quiet", "import", "--stdin-format", kind, "--jobs", "1", "--rules"]


def of_file(args, path):
    """The lines of a web archive, as they come."""
    run = command(args, "warc") + [SparkFiles.get(pathlib.Path(args.rules).name)]
    shell = f"set -o pipefail; {args.open.format(shlex.quote(path))} | {shlex.join(run)}"
    with subprocess.Popen(["bash", "-c", shell], stdout=subprocess.PIPE) as running:
        for line in running.stdout:
            yield line.decode().rstrip("\n")
    if running.returncode:
        raise RuntimeError(f"{path}: ended with {running.returncode}")


def lines(spark, args):
    """The line of every seed."""
    context = spark.sparkContext
    context.addFile(args.rules)
    parts = []
    if args.warc:
        files = context.parallelize(args.warc, len(args.warc))
        parts.append(files.flatMap(lambda path: of_file(args, path)))
    if args.jsonl:
        seeds = context.textFile(",".join(args.jsonl), args.partitions or None)
        parts.append(seeds.mapPartitions(lambda rows: piped(args, rows)))
    return context.union(parts)


def piped(args, rows):
    """The lines of a partition of JSON Lines: as `RDD.pipe`, with the rules where this executor has them."""
    run = command(args, "jsonl") + [SparkFiles.get(pathlib.Path(args.rules).name)]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        failed = []

        def write():
            try:
                with running.stdin as stdin:
                    for row in rows:
                        stdin.write(row.encode() + b"\n")
            except Exception as error:  # Told to the task, which is on another thread.
                failed.append(error)

        writing = threading.Thread(target=write, daemon=True)
        writing.start()
        for line in running.stdout:
            yield line.decode().rstrip("\n")
        writing.join()
    if running.returncode or failed:
        raise RuntimeError(f"gleaner ended with {running.returncode}: {failed}")


def deserving(read, args):
    """The articles that are wanted: by topics, length, and how much of their page is furniture; of the same bytes one."""
    words = f.col("facts.words") + f.col("removed_words")
    topics = f.col("topics.topic")
    wanted = f.arrays_overlap(topics, f.array(*map(f.lit, args.topic))) if args.topic else f.size(topics) > 0
    good = read.where((f.col("outcome") == "imported") & (f.col("facts.words") >= args.least_words)
                      & (f.col("removed_words") <= args.most_removed * words) & wanted)
    first = Window.partitionBy("hash").orderBy("id")
    return good.withColumn("copy", f.row_number().over(first)).where("copy = 1").drop("copy")


def alike(good):
    """Pairs that are one piece: a text, a longer one that has half of its runs, too, and how much they share."""
    prints = good.select("id", f.col("fingerprint.runs").alias("runs"), f.col("fingerprint.smallest").alias("smallest"))
    bands = prints.select("id", "runs", f.explode(f.slice("smallest", 1, BANDS)).alias("band"))
    longest = Window.partitionBy("band").orderBy(f.desc("runs"), "id")
    heads = bands.withColumn("place", f.row_number().over(longest)).where(f.col("place") <= WIDEST)
    heads = heads.select("band", f.col("id").alias("head"), f.col("runs").alias("head_runs"))
    is_before = (f.col("head_runs") > f.col("runs")) | ((f.col("head_runs") == f.col("runs")) & (f.col("head") < f.col("id")))
    pairs = bands.join(heads, "band").where(is_before).select("id", "head").distinct()
    shorter = prints.select("id", f.col("runs").alias("own_runs"), f.col("smallest").alias("own"))
    longer = prints.select(f.col("id").alias("head"), f.col("runs").alias("head_runs"), f.col("smallest").alias("its"))
    pairs = pairs.join(shorter, "id").join(longer, "head")
    # Up to the smaller of the largest hashes both are known whole.
    last = "'~'"  # After every hexadecimal digit.
    up_to = (f"least(if(own_runs > size(own), element_at(own, -1), {last}), "
             f"if(head_runs > size(its), element_at(its, -1), {last}))")
    pairs = pairs.withColumn("up_to", f.expr(up_to)).withColumn("own", f.expr("filter(own, one -> one <= up_to)"))
    pairs = pairs.withColumn("both", f.size(f.array_intersect("own", "its"))).withColumn("counted", f.size("own"))
    pairs = pairs.where((f.col("both") >= FEWEST_SHARED) & (2 * f.col("both") >= f.col("counted")))
    return pairs.select("id", "head", "own_runs", "head_runs", (f.col("both") / f.col("counted")).alias("share"))


def fold(good):
    """For each article the one it is folded into, or null: the longest are kept, and nothing is folded into what is folded.

    Each round settles the articles that wait for nobody: who is like none that may be kept is kept, who is like one that is
    kept is folded. As many rounds as the longest chain has links, mostly two or three.
    """
    pairs = alike(good).checkpoint()
    ids = good.select("id")
    kept = ids.join(pairs, "id", "left_anti").withColumnRenamed("id", "head").checkpoint()
    waiting = pairs.select("id", "head")
    while not waiting.isEmpty():
        folded = waiting.join(kept, "head").select("id").distinct()
        gone = folded.withColumnRenamed("id", "head")
        left = waiting.join(folded, "id", "left_anti")
        still = left.join(gone, "head", "left_anti").select("id", "head").checkpoint()
        more = left.select("id").distinct().join(still, "id", "left_anti").withColumnRenamed("id", "head")
        kept, waiting = kept.union(more).checkpoint(), still
    # Of those it may be folded into the one it shares most with, then the longest, then the first.
    likest = Window.partitionBy("id").orderBy(f.desc("share"), f.desc("head_runs"), "head")
    into = pairs.join(kept, "head").join(kept.withColumnRenamed("head", "id"), "id", "left_anti")
    into = into.withColumn("place", f.row_number().over(likest)).where("place = 1")
    return ids.join(into.select("id", f.col("head").alias("folded_into")), "id", "left")


def named(articles):
    """Articles with names of their own: of several with one title all but the first are called by their hash, too."""
    same = Window.partitionBy("slug").orderBy("id")
    articles = articles.withColumn("place", f.row_number().over(same))
    other = f.concat_ws("-", "slug", f.substring("hash", 1, 8))
    return articles.withColumn("slug", f.when(f.col("place") == 1, f.col("slug")).otherwise(other)).drop("place")


def write(folder, articles):
    folder.mkdir(parents=True, exist_ok=True)
    for row in articles.select("slug", "article", "pictures").toLocalIterator():
        (folder / f"{row.slug}.md").write_text(row.article, encoding="utf-8")
        for picture in row.pictures or []:
            (folder / picture.name).write_bytes(base64.b64decode(picture.base64))


def main():
    args = arguments()
    spark = SparkSession.builder.appName("gleaner").getOrCreate()
    spark.sparkContext.setCheckpointDir(f"{args.out}/checkpoints")
    lines(spark, args).saveAsTextFile(f"{args.out}/lines", "org.apache.hadoop.io.compress.GzipCodec")
    read = spark.read.schema(LINE).json(f"{args.out}/lines")
    good = deserving(read, args)
    folded = fold(good.select("id", "fingerprint").checkpoint())
    folded.write.mode("overwrite").parquet(f"{args.out}/kept")
    kept = spark.read.parquet(f"{args.out}/kept").where("folded_into is null").select("id")
    named(good.join(kept, "id")).write.mode("overwrite").parquet(f"{args.out}/articles")
    if args.content:
        write(pathlib.Path(args.out) / "content/articles", spark.read.parquet(f"{args.out}/articles"))
    spark.stop()


if __name__ == "__main__":
    sys.exit(main())
