/* Lines typed in earlier sessions; see prompt_history.h. */
#include "ui/mode/prompt_history.h"
#include "ui/state/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A longer file is cut. */
enum { PAST_BYTES = 256 << 10 };

static bool printable(const char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			return false;
	return true;
}

/* The newest lines in place of all: a new file takes the place of the old one at once, or not at all. */
static void cut(const struct prompt *p, const char *path)
{
	char *fresh = NULL;
	int fd = asprintf(&fresh, "%s.XXXXXX", path) < 0 ? -1 : mkstemp(fresh);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	for (int i = 0; out && i < p->lines; i++)
		fprintf(out, "%s\n", p->history[i]);
	bool bad = !out || ferror(out);
	if (out && fclose(out) != 0)
		bad = true;
	if (fd >= 0 && (bad || rename(fresh, path) != 0))
		unlink(fresh);
	free(fresh);
}

void prompt_history_load(struct prompt *p, const char *name)
{
	char *path = state_file(name), *line = NULL;
	FILE *in = path ? fopen(path, "re") : NULL;
	size_t cap = 0, bytes = 0;
	ssize_t n;
	while (in && (n = getline(&line, &cap, in)) > 0) {
		bytes += (size_t)n;
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (strlen(line) < PROMPT_MAX && printable(line))
			prompt_remember(p, line);
	}
	if (in)
		fclose(in);
	if (bytes > PAST_BYTES)
		cut(p, path);
	free(line);
	free(path);
}

void prompt_history_add(const char *name, const char *line)
{
	char *path = state_file(name), *text = NULL;
	if (path && asprintf(&text, "%s\n", line) < 0)
		text = NULL;
	int fd = -1;
	if (text) {
		state_make_folders(path);
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	}
	if (fd >= 0) {
		ssize_t n = write(fd, text, strlen(text)); /* in one go: lines of two sessions do not mix */
		(void)n;
		close(fd);
	}
	free(text);
	free(path);
}
