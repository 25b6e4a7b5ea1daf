#!/usr/bin/env python3
"""Load on a reading room that is open. Two measurements:

  load.py ADDRESS steady  [--rate 60] [--seconds 30]   requests at fixed moments, whatever the answers take; the time of each
                                                      counts from its moment (so a stall is charged to all who wait in it)
  load.py ADDRESS flat    [--clients 16] [--requests 10000]   each client asks again as soon as it is answered

With --pid PID the resident memory of the server is told before and after, and its processor time for a request, which other work on
the machine does not lengthen. First the first page is told: its bytes with style and script, and how long they take. ADDRESS is host:port.
Exit code 1 if any request failed."""
import argparse
import http.client
import json
import os
import queue
import threading
import time
import urllib.parse

WORDS = ["partnerskap", "stöd unga", "bidrag", "lokaler", "förening*", '"till handlingarna"', "trygghet", "budget", "skola", "uppföljning"]


def get(connection, path):
    connection.request("GET", path)
    reply = connection.getresponse()
    body = reply.read()
    return reply.status, body


def paths(address):
    """Addresses of each kind of page, taken from the index itself."""
    connection = http.client.HTTPConnection(address, timeout=60)
    search, ids = [], []
    for n, word in enumerate(WORDS):
        q = urllib.parse.quote(word)
        search.append(f"/?q={q}")
        search.append(f"/?q={q}&in=decisions" if n % 2 else f"/?q={q}&sort=-date&page=2")
        _, body = get(connection, f"/api/v1/search?q={q}&per_page=20")
        ids += [h["id"] for h in json.loads(body)["hits"]]
    documents = [f"/document/{i}" for i in dict.fromkeys(ids)]
    connection.close()
    return {"search": search, "document": documents}


def memory(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def processor(pid):
    """Seconds that the server has worked, in all its threads."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_page(address):
    connection = http.client.HTTPConnection(address, timeout=60)
    times, sizes = [], []
    for _ in range(20):
        began = time.monotonic()
        sizes = [len(get(connection, path)[1]) for path in ("/", "/style.css", "/comfort.js", "/favicon.svg")]
        times.append(time.monotonic() - began)
    connection.close()
    times.sort()
    print(f"first page: {sizes[0]} bytes, {sum(sizes)} with style and script; all in {1000 * times[10]:.1f} ms (the slowest of 20: {1000 * times[-1]:.1f})")


def report(kind, times, failed):
    times.sort()
    at = lambda p: 1000 * times[min(len(times) - 1, int(len(times) * p))] if times else float("nan")
    print(f"{kind:9} {len(times):6} answers, {failed} failed; p50 {at(0.5):.1f} ms, p90 {at(0.9):.1f}, p99 {at(0.99):.1f}, max {at(1):.1f}")


def work(address, jobs, out):
    connection = http.client.HTTPConnection(address, timeout=60)
    while (job := jobs.get()) is not None:
        kind, path, due = job
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        began = max(due, 0) or time.monotonic()
        try:
            status, _ = get(connection, path)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            connection = http.client.HTTPConnection(address, timeout=60)
            status = str(error)
        out.append((kind, time.monotonic() - began, status))


def run(address, jobs, clients):
    todo, out = queue.Queue(), []
    for job in jobs:
        todo.put(job)
    for _ in range(clients):
        todo.put(None)
    threads = [threading.Thread(target=work, args=(address, todo, out)) for _ in range(clients)]
    began = time.monotonic()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took = time.monotonic() - began
    failed = [o for o in out if o[2] != 200]
    for kind in sorted({o[0] for o in out}):
        of = [o for o in out if o[0] == kind]
        report(kind, [o[1] for o in of if o[2] == 200], sum(o[2] != 200 for o in of))
    print(f"{len(out)} requests in {took:.1f} s: {len(out) / took:.0f} a second")
    for kind, _, status in failed[:5]:
        print(f"failed: {kind}: {status}")
    return not failed


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("address")
    options.add_argument("how", choices=["steady", "flat"])
    options.add_argument("--rate", type=float, default=60)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--requests", type=int, default=10_000)
    options.add_argument("--pid", type=int)
    o = options.parse_args()
    pages = paths(o.address)
    mixed = lambda n: ("search", pages["search"][n // 2 % len(pages["search"])]) if n % 2 else ("document", pages["document"][n // 2 % len(pages["document"])])
    # Everything once, so that what is read from disk for the first time is not measured.
    run_quietly = [(kind, path, 0) for kind, all_ in pages.items() for path in all_]
    print("first time:")
    run(o.address, run_quietly, 1)
    first_page(o.address)
    before, worked = (memory(o.pid), processor(o.pid)) if o.pid else (None, 0)
    if o.how == "steady":
        print(f"steady, {o.rate:g} a second:")
        start = time.monotonic() + 0.5
        jobs = [(*mixed(n), start + n / o.rate) for n in range(int(o.rate * o.seconds))]
    else:
        print(f"flat out, {o.clients} clients:")
        jobs = [(*mixed(n), 0) for n in range(o.requests)]
    fine = run(o.address, jobs, o.clients)
    if before is not None:
        print(f"memory of the server: {before} MB before, {memory(o.pid)} MB after")
        print(f"processor time of the server: {1000 * (processor(o.pid) - worked) / len(jobs):.2f} ms a request")
    raise SystemExit(0 if fine else 1)


main()
