#!/bin/sh
# Builds the site and copies it into a bucket: sh deploy/s3.sh
#
# Made by `gleaner deploy init s3`. It needs the AWS command line, logged in. Other stores that speak S3 take the same
# commands with `--endpoint-url`.
#
# The bucket is the origin of a CloudFront distribution, with "index.html" for a folder (a function at viewer request, or the
# bucket as a website) and /404.html as the answer to 404. S3 itself sends no headers but those below: give the distribution
# a response headers policy, once, with
#   Content-Security-Policy, as `gleaner deploy policy` prints it; X-Content-Type-Options: nosniff;
#   Referrer-Policy: strict-origin-when-cross-origin.
set -eu

BUCKET="${BUCKET:-s3://@NAME@}"

cd "$(dirname "$0")/.."
gleaner build --strict

# What browsers may keep for a year, as its name is made of what it holds; then what they ask for each time. Pages come last.
aws s3 sync public/@PIECES@ "$BUCKET/@PIECES@" --exclude @START@ --cache-control "@FOREVER@"
aws s3 sync public/@ASSETS@ "$BUCKET/@ASSETS@" --exclude '*.woff2' --cache-control "@FOREVER@"
aws s3 sync public/@ASSETS@ "$BUCKET/@ASSETS@" --exclude '*' --include '*.woff2' --cache-control "@FOREVER@" --content-type font/woff2
aws s3 sync public "$BUCKET" --exclude '*' --include '*.md' --cache-control "@ASK@" --content-type "text/markdown; charset=utf-8"
aws s3 sync public "$BUCKET" --exclude '*.html' --exclude '*.md' --exclude '@ASSETS@/*' --exclude '@PIECES@/*' \
    --exclude .gleaner-manifest --cache-control "@ASK@"
aws s3 cp public/@PIECES@/@START@ "$BUCKET/@PIECES@/@START@" --cache-control "@ASK@"
aws s3 sync public "$BUCKET" --exclude '*' --include '*.html' --cache-control "@ASK@" --content-type "text/html; charset=utf-8"

# What the site has no more.
aws s3 sync public "$BUCKET" --delete --size-only --exclude .gleaner-manifest

# Where CloudFront stands before it:
# aws cloudfront create-invalidation --distribution-id YOUR-DISTRIBUTION --paths '/*'
