"""Signals while a session is typed, played, quit and saved: the terminal is given back, and what was typed is kept.

    signals.py MAPSCOPE ROUNDS SEED

Each round opens `mapscope play` on a terminal of its own in an empty folder, types some lines, often quits, and sends a
signal at a random moment after the first frame.  Prints each thing that went wrong, and how many rounds there were.
"""
import fcntl, os, pty, random, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time

mapscope, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
END = [s for s in ('INT TERM HUP ALRM USR1 USR2 VTALRM PROF IO PWR XCPU QUIT SEGV BUS ABRT FPE ILL SYS TRAP').split()]
CRASH = 'QUIT SEGV BUS ABRT FPE ILL SYS TRAP'.split()
wrong = 0


def complain(what):
    global wrong
    wrong += 1
    print('signals:', what)


def as_a_shell_would():
    """What runs in the background ignores INT and QUIT, and so would the child."""
    for name in END:
        signal.signal(getattr(signal, 'SIG' + name), signal.SIG_DFL)


def read_until(fd, words, seconds):
    got, end = b'', time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            got += data
        if words and words in got:
            break
    return got


def play_round(n):
    chance = random.Random(n)
    name = chance.choice(END)
    folder = tempfile.mkdtemp(prefix='mapscope-signals.')
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    before = termios.tcgetattr(terminal)
    env = dict(os.environ, TERM='xterm-256color', XDG_STATE_HOME=folder, XDG_CONFIG_HOME=folder, LC_ALL='C.UTF-8')
    child = subprocess.Popen([mapscope, 'play', 'map[string]int64'], stdin=terminal, stdout=terminal, stderr=terminal,
                             cwd=folder, env=env, start_new_session=True, preexec_fn=as_a_shell_would)
    got = read_until(main, b'put', 10)
    lines = [b'put a%d 1\r' % i for i in range(chance.randrange(1, 6))]
    for line in lines:
        os.write(main, line)
    got += read_until(main, b'%d operation' % 999999, 0.15)
    quits = chance.random() < 0.5
    if quits:
        os.write(main, b'\x1b')
        got += read_until(main, None, 0.06)
        os.write(main, b'q')
    time.sleep(chance.random() * (0.03 if quits else 0.2))
    child.send_signal(getattr(signal, 'SIG' + name))
    got += read_until(main, None, 0.1)
    for _ in range(200):
        if child.poll() is not None:
            break
        got += read_until(main, None, 0.05)
    what = 'round %d, SIG%s%s' % (n, name, ' after q' if quits else '')
    if child.poll() is None:
        complain(what + ': it goes on')
        child.kill()
        child.wait()
    got += read_until(main, None, 0.05)
    if got.count(b'\x1b[?1049h') > got.count(b'\x1b[?1049l'):
        complain(what + ': the screen is not given back')
    after = termios.tcgetattr(terminal)
    if after[:4] != before[:4]:
        complain(what + ': the settings of the line are not restored')
    saved = os.path.join(folder, 'play-1.map')
    if name not in CRASH:
        text = open(saved, 'rb').read() if os.path.exists(saved) else b''
        if not all(line.strip() in text for line in lines):
            complain(what + ': what was typed is lost: %r' % got[-200:])
        trace = os.path.join(folder, 'play-1.trace')
        if os.path.exists(trace) and subprocess.run([mapscope, 'check', trace], capture_output=True).returncode:
            complain(what + ': play-1.trace is not whole')
    os.close(main)
    os.close(terminal)
    shutil.rmtree(folder)


for i in range(rounds):
    play_round(seed + i)
print('%d signals, %d wrong' % (rounds, wrong))
sys.exit(1 if wrong else 0)
