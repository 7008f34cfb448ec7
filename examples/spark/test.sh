#!/bin/bash
# Tests the examples for real: a made-up crawl through Spark, on two executors of which one is killed on the way, and
# through GNU parallel; what comes out is compared, line for line, with what one process makes of it.
#
#     examples/spark/test.sh [RECORDS] [FOLDER]
#
# Needs Java 17, Python 3.10 with the requirements beside this file, GNU parallel, and GLEANER, or `gleaner` in the
# path.
set -euo pipefail
records=${1:-50000} work=${2:-$(mktemp -d)}
here=$(cd "$(dirname "$0")" && pwd)
export GLEANER=${GLEANER:-$(command -v gleaner)}
export LC_ALL=C
same() { cmp -s "$1" "$2" || { echo "FAILED: $3 ($1 and $2 differ)"; exit 1; }; echo "same: $3"; }
keep=(--topic pottery --topic railways --least-words 120)
unpacked() { if compgen -G "$1/*.gz" >/dev/null; then cat "$1"/*.gz | gunzip; fi; }

mkdir -p "$work"
echo "In $work: $records records."
[ -d "$work/crawl" ] || python3 "$here/../make-crawl.py" --records "$records" --out "$work/crawl"
cd "$work"
rules=$work/site.rules
"$GLEANER" --root crawl/site freeze "$rules"

echo "One process, all of it as one stream ..."
{ cat crawl/wet/*.wet.gz | "$GLEANER" import --stdin-format wet --rules "$rules"
  cat crawl/jsonl/*.jsonl | "$GLEANER" import --stdin-format jsonl --rules "$rules"; } >alone.jsonl
sort alone.jsonl >alone.sorted

echo "GNU parallel ..."
rm -rf parallel
"$here/../parallel/crawl.sh" --rules "$rules" --format wet --out parallel/wet -- -- crawl/wet/*
"$here/../parallel/crawl.sh" --rules "$rules" --format jsonl --out parallel/jsonl -- -- crawl/jsonl/*
python3 "$here/../parallel/keep.py" "${keep[@]}" --content parallel/content parallel/*/lines/*.gz
cat parallel/*/lines/*.gz | gunzip | sort >parallel.sorted
same alone.sorted parallel.sorted "the lines of GNU parallel and of one process"

echo "Spark, two executors ..."
rm -rf spark
python3 "$here/crawl.py" --help >/dev/null
PYSPARK_SUBMIT_ARGS="--master local-cluster[2,1,1024] --conf spark.ui.enabled=false pyspark-shell" \
    python3 "$here/crawl.py" --gleaner "$GLEANER" --rules "$rules" --out "$work/spark" --content "${keep[@]}" \
    --warc "$work"/crawl/wet/* --jsonl "$work"/crawl/jsonl/* >spark.log 2>&1 &
job=$!
# The executors are children of the driver's Java, and that of the job.
executors() { for java in $(pgrep -P "$job"); do pgrep -P "$java" -f CoarseGrainedExecutorBackend || true; done; }
killed=
while kill -0 "$job" 2>/dev/null && [ -z "$killed" ]; do
    sleep 1
    # In the middle: some of the lines are written, others are not.
    if [ "$(find spark/lines -name 'part-*' -size +1k 2>/dev/null | wc -l)" -ge 3 ]; then
        killed=$(executors | head -1)
        [ -z "$killed" ] || kill -9 "$killed"
    fi
done
wait "$job" || { tail -40 spark.log; echo "FAILED: the Spark job"; exit 1; }
[ -n "$killed" ] && grep -q "Lost executor" spark.log || { echo "FAILED: no executor was killed on the way"; exit 1; }
echo "Executor $killed was killed: $(grep -c 'Lost task' spark.log || true) tasks were done again."
unpacked spark/lines | sort >spark.sorted
same alone.sorted spark.sorted "the lines of Spark and of one process"

python3 - spark/kept >spark.kept <<'PYTHON'
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
for row in sorted(spark.read.parquet(sys.argv[1]).collect()):
    print(f"{row.id}\t{row.folded_into or ''}")
PYTHON
same parallel/content/kept.tsv spark.kept "what is kept, and what is folded into what"
diff -rq parallel/content/articles spark/content/articles || { echo "FAILED: the articles differ"; exit 1; }
echo "same: the $(find spark/content/articles -name '*.md' | wc -l) articles"
echo "$(awk -F '\t' '$2 != ""' spark.kept | wc -l) of $(wc -l <spark.kept) were copies of others."

rm -rf site && cp -r crawl/site site && cp spark/content/articles/* site/content/articles/
"$GLEANER" --root site --quiet build
echo "A site was built of them: $(find site/public/articles -name index.html | wc -l) pages of articles."
