/* A line being typed; see prompt.h. */
#include "ui/state/prompt.h"
#include "ui/state/keys.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void prompt_init(struct prompt *p)
{
	memset(p, 0, sizeof *p);
}

void prompt_release(struct prompt *p)
{
	for (int i = 0; i < p->lines; i++)
		free(p->history[i]);
	prompt_init(p);
}

static void set_text(struct prompt *p, const char *text)
{
	snprintf(p->text, sizeof p->text, "%s", text);
	p->length = p->cursor = strlen(p->text);
}

void prompt_start(struct prompt *p, const char *text)
{
	set_text(p, text);
	p->line = p->lines;
}

/* The byte where the character before (or after) position i begins (or ends), its combining marks included.
 */
static size_t previous(const struct prompt *p, size_t i)
{
	while (i > 0) {
		do
			i--;
		while (i > 0 && ((unsigned char)p->text[i] & 0xc0) == 0x80);
		const char *s = p->text + i;
		if (char_width(utf8_next(&s)) > 0)
			break;
	}
	return i;
}

static size_t following(const struct prompt *p, size_t i)
{
	const char *s = p->text + i;
	if (!utf8_next(&s))
		return i;
	for (;;) {
		const char *t = s;
		uint32_t ch = utf8_next(&t);
		if (!ch || char_width(ch) > 0)
			return (size_t)(s - p->text);
		s = t;
	}
}

static void cut(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text + from, p->text + to, p->length - to + 1);
	p->length -= to - from;
	p->cursor = from;
}

void prompt_insert(struct prompt *p, const char *text)
{
	size_t n = strlen(text);
	if (p->length + n + 1 > sizeof p->text)
		return;
	memmove(p->text + p->cursor + n, p->text + p->cursor, p->length - p->cursor + 1);
	memcpy(p->text + p->cursor, text, n);
	p->length += n;
	p->cursor += n;
}

bool prompt_remember(struct prompt *p, const char *line)
{
	if (!*line || (p->lines && strcmp(p->history[p->lines - 1], line) == 0))
		return false;
	char *copy = strdup(line);
	if (!copy)
		return false;
	if (p->lines == PROMPT_HISTORY) {
		free(p->history[0]);
		memmove(p->history, p->history + 1, sizeof p->history[0] * (PROMPT_HISTORY - 1));
		p->lines--;
	}
	p->history[p->lines++] = copy;
	return true;
}

static void recall(struct prompt *p, int line)
{
	if (line < 0 || line > p->lines || line == p->line)
		return;
	if (p->line == p->lines)
		memcpy(p->kept, p->text, sizeof p->kept);
	p->line = line;
	set_text(p, line == p->lines ? p->kept : p->history[line]);
}

void prompt_replace(struct prompt *p, size_t n, const char *text)
{
	size_t from = p->cursor > n ? p->cursor - n : 0;
	if (p->length - (p->cursor - from) + strlen(text) + 1 > sizeof p->text)
		return;
	cut(p, from, p->cursor);
	prompt_insert(p, text);
}

static size_t word_start(const struct prompt *p)
{
	size_t i = p->cursor;
	while (i > 0 && p->text[i - 1] == ' ')
		i--;
	while (i > 0 && p->text[i - 1] != ' ')
		i--;
	return i;
}

enum { CTRL = 0x1f }; /* 'a' & CTRL is C-a */

enum prompt_result prompt_key(struct prompt *p, int key)
{
	switch (key) {
	case K_ENTER:
	case 'j' & CTRL: p->fresh = prompt_remember(p, p->text); return PROMPT_DONE;
	case K_ESCAPE:
	case 'c' & CTRL:
	case 'g' & CTRL: return PROMPT_LEFT;
	case K_TAB: return PROMPT_TAB;
	case K_LEFT:
	case 'b' & CTRL: p->cursor = previous(p, p->cursor); break;
	case K_RIGHT:
	case 'f' & CTRL: p->cursor = following(p, p->cursor); break;
	case K_HOME:
	case 'a' & CTRL: p->cursor = 0; break;
	case K_END:
	case 'e' & CTRL: p->cursor = p->length; break;
	case K_UP:
	case 'p' & CTRL: recall(p, p->line - 1); break;
	case K_DOWN:
	case 'n' & CTRL: recall(p, p->line + 1); break;
	case K_BACKSPACE:
	case 'h' & CTRL:
		if (!p->length)
			return PROMPT_LEFT;
		cut(p, previous(p, p->cursor), p->cursor);
		break;
	case K_DELETE:
	case 'd' & CTRL: cut(p, p->cursor, following(p, p->cursor)); break;
	case 'w' & CTRL: cut(p, word_start(p), p->cursor); break;
	case 'u' & CTRL: cut(p, 0, p->cursor); break;
	case 'k' & CTRL: cut(p, p->cursor, p->length); break;
	default:
		if (key >= ' ' && key < K_LEFT) {
			char text[5];
			text[utf8_encode((uint32_t)key, text)] = 0;
			prompt_insert(p, text);
		}
	}
	return PROMPT_MORE;
}
