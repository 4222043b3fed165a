"""One verb a file, `run(...)` each: plain values in, safe to run twice."""
