/* How long a key takes while a search is under way: runs the replay in a pseudo-terminal of 120x40, begins
 *searches that pass over the whole trace, types keys meanwhile, and measures until the answer has begun to
 *come.
 *
 *	bench_keys MAPSCOPE TRACE
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 200, QUIET_MS = 150 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Reads until nothing has come for some time; words, if given, are looked for in what comes. */
static bool read_quiet(int fd, int ms, const char *words)
{
	static char buffer[1 << 20];
	size_t n = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, ms) > 0 && n + 1 < sizeof buffer) {
		ssize_t got = read(fd, buffer + n, sizeof buffer - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	buffer[n] = 0;
	return words && strstr(buffer, words);
}

/* The time until words come; what else comes (the mark of progress) is passed over.  -1: they do not. */
static double time_until(int fd, const char *words)
{
	static char buffer[1 << 20];
	size_t n = 0;
	double start = now();
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (now() - start < 3000 && n + 1 < sizeof buffer) {
		if (poll(&p, 1, 1000) <= 0)
			continue;
		ssize_t got = read(fd, buffer + n, sizeof buffer - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		buffer[n] = 0;
		if (strstr(buffer, words))
			return now() - start;
	}
	return -1;
}

static void type(int fd, const char *keys)
{
	if (write(fd, keys, strlen(keys)) < 0)
		perror("bench_keys");
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	double ms[KEYS];
	int fd, n = 0, lost = 0;
	if (argc != 3) {
		fprintf(stderr, "usage: bench_keys MAPSCOPE TRACE\n");
		return 2;
	}
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid < 0) {
		perror("bench_keys");
		return 1;
	}
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl(argv[1], argv[1], "replay", argv[2], (char *)NULL);
		_exit(127);
	}
	read_quiet(fd, 1000, NULL);
	type(fd, "/k no such key\r");
	read_quiet(fd, 1000, NULL);
	for (int i = 0; i < KEYS; i++) {
		/* Each begins a search through everything anew, and then asks for the help, or leaves it. */
		type(fd, "gn");
		struct timespec pause = { .tv_nsec = 1000000L * (5 + i * 7 % 40) };
		nanosleep(&pause, NULL);
		struct pollfd p = { .fd = fd, .events = POLLIN };
		static char drop[65536];
		while (poll(&p, 1, 0) > 0 && read(fd, drop, sizeof drop) > 0) {
		}
		type(fd, "?");
		double t = time_until(fd, "numbers first");
		if (t >= 0)
			ms[n++] = t;
		else
			lost++;
		type(fd, "?");
		read_quiet(fd, QUIET_MS / 10, NULL);
	}
	type(fd, "q");
	read_quiet(fd, 300, NULL);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	if (!n)
		return 1;
	qsort(ms, (size_t)n, sizeof *ms, compare);
	printf("%-44s %8.1f ms median, %.1f 95th, %.1f most; %d without an answer\n",
		"TUI at 120x40: a key during a search", ms[n / 2], ms[n * 95 / 100], ms[n - 1], lost);
	return 0;
}
