#!/usr/bin/env python3
"""Times whole short commands, turn by turn, so that a busy machine favours none of them.

  benches/start.py 80 true 'target/release/diarium --version' 'target/release/diarium inspect --ocr never --pages FILE' 'pdftotext FILE -'

For each: the shortest and the median run on the wall clock, the least processor time, page faults. A command may begin with
NAME=VALUE. The shortest run is the one to compare: what a program does is the same each time, what disturbs it is not.
"""
import os, shutil, sys, time


def once(command, null):
    env = dict(os.environ)
    while '=' in command[0]:
        name, value = command[0].split('=', 1)
        env[name] = value
        command = command[1:]
    program = command[0] if '/' in command[0] else shutil.which(command[0])
    quiet = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    start = time.perf_counter()
    child = os.posix_spawn(program, command, env, file_actions=quiet)
    _, _, usage = os.wait4(child, 0)
    return (time.perf_counter() - start) * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_minflt


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    commands = [c.split() for c in sys.argv[2:]]
    null = os.open(os.devnull, os.O_RDWR)
    runs = [[] for _ in commands]
    for turn in range(int(sys.argv[1]) + 2):
        for command, its in zip(commands, runs):
            run = once(command, null)
            # The first turns bring the files into memory.
            if turn > 1:
                its.append(run)
    print('| command | wall ms, shortest | median | processor ms, least | page faults |\n|---|--:|--:|--:|--:|')
    for command, its in zip(commands, runs):
        wall = sorted(r[0] for r in its)
        print(f'| `{" ".join(command)}` | {wall[0]:.2f} | {wall[len(wall) // 2]:.2f} | {min(r[1] for r in its):.2f} | {its[0][2]} |')


main()
