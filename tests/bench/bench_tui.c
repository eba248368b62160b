/* How many bytes a step costs the terminal, and how long until the first frame stands there: runs the replay
 *in a pseudo-terminal of 120x40, types "." and reads what comes.
 *
 *	bench_tui MAPSCOPE TRACE
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEPS = 200, QUIET_MS = 60 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Bytes that come until nothing has come for a while; *ret_last is when the last of them came. */
static size_t read_quiet(int fd, int first_ms, double *ret_last)
{
	char buffer[65536];
	size_t total = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, total ? QUIET_MS : first_ms) > 0) {
		ssize_t n = read(fd, buffer, sizeof buffer);
		if (n <= 0)
			break;
		total += (size_t)n;
		*ret_last = now();
	}
	return total;
}

static int compare(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	size_t bytes[STEPS], total = 0;
	double start = now(), last = start;
	int fd;
	if (argc != 3) {
		fprintf(stderr, "usage: bench_tui MAPSCOPE TRACE\n");
		return 2;
	}
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid < 0) {
		perror("bench_tui");
		return 1;
	}
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl(argv[1], argv[1], "replay", argv[2], (char *)NULL);
		_exit(127);
	}
	size_t first = read_quiet(fd, 5000, &last);
	double first_ms = last - start;
	for (int i = 0; i < STEPS; i++) {
		if (write(fd, ".", 1) != 1)
			break;
		bytes[i] = read_quiet(fd, 1000, &last);
		total += bytes[i];
	}
	if (write(fd, "q", 1) == 1)
		read_quiet(fd, 500, &last);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	qsort(bytes, STEPS, sizeof *bytes, compare);
	printf("%-44s %8.1f ms  (%zu bytes)\n", "TUI at 120x40: first frame, process start on", first_ms,
		first);
	printf("%-44s %8zu median, %zu 95th, %zu most, %.0f mean\n", "TUI at 120x40: bytes a step",
		bytes[STEPS / 2], bytes[STEPS * 95 / 100], bytes[STEPS - 1], (double)total / STEPS);
	return 0;
}
