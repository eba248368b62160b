/* Lines typed in earlier sessions; see prompt_history.h. */
#include "ui/mode/prompt_history.h"
#include "ui/state/home.h"

#include "trace/base/builder.h"
#include "trace/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A longer file is cut. */
enum { PAST_BYTES = 256 << 10 };

static bool printable(const char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			return false;
	return true;
}

/* The newest lines in place of all. */
static void cut(const struct prompt *p, const char *path)
{
	struct builder b = builder_own();
	for (int i = 0; i < p->lines; i++)
		builder_add(&b, "%s\n", p->history[i]);
	file_put(path, b.text, b.size, true, 0600);
	builder_release(&b);
}

void prompt_history_load(struct prompt *p, const char *name)
{
	char *path = state_file(name), *line = NULL;
	FILE *in = path ? file_open(path) : NULL;
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
	if (text) {
		state_make_folders(path);
		file_append(path, text, strlen(text), 0600);
	}
	free(text);
	free(path);
}
