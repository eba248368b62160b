/* Text in columns; see text.h. */
#include "ui/grid/text.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

int char_width(uint32_t ch)
{
	if (ch < 0x7f)
		return 1;
	int w = wcwidth((wchar_t)ch);
	return w < 0 ? 1 : w;
}

int text_width(const char *text)
{
	int w = 0;
	for (uint32_t ch; (ch = utf8_next(&text));)
		w += char_width(ch);
	return w;
}

/* The end of the longest beginning of text that takes at most width columns; a base keeps its marks. */
static const char *prefix_end(const char *text, int width, int *ret_width)
{
	int w = 0;
	for (;;) {
		const char *before = text;
		uint32_t ch = utf8_next(&text);
		int cw = ch ? char_width(ch) : 0;
		if (!ch || w + cw > width) {
			*ret_width = w;
			return before;
		}
		w += cw;
	}
}

void text_fit(const char *text, int width, char *out, size_t cap)
{
	if (width < 0)
		width = 0;
	int w;
	const char *end = prefix_end(text, width, &w);
	if (!*end || !width) {
		snprintf(out, cap, "%.*s", (int)(end - text), text);
		return;
	}
	end = prefix_end(text, width - 1, &w);
	/* Where a wide character was halved one column stays over. */
	snprintf(out, cap, "%.*s…%s", (int)(end - text), text, w < width - 1 ? " " : "");
}

void text_fit_middle(const char *text, int width, char *out, size_t cap)
{
	int all = text_width(text), w;
	if (all <= width || width < 5) {
		text_fit(text, width, out, cap);
		return;
	}
	const char *head = prefix_end(text, width / 2, &w);
	int skip = all - (width - w - 1);
	const char *tail = prefix_end(text, skip, &w);
	while (w < skip && *tail) { /* a wide character lay across the cut */
		utf8_next(&tail);
		w = all - text_width(tail);
	}
	while (*tail) { /* marks whose base was cut off go with it */
		const char *next = tail;
		if (char_width(utf8_next(&next)) > 0)
			break;
		tail = next;
	}
	snprintf(out, cap, "%.*s…%s", (int)(head - text), text, tail);
}

/* May a line end between two characters?  After a blank; and between wide ones, which have no blanks between
 * words, but no line begins with what closes or ends with what opens. */
static bool may_break(uint32_t before, uint32_t after)
{
	static const uint32_t closes[] = { 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0xff01,
		0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff1f };
	static const uint32_t opens[] = { 0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0xff08 };
	if (before == ' ')
		return true;
	if (char_width(before) < 2 && char_width(after) < 2)
		return false;
	if (after < 0x80 && strchr(",.;:!?)]}%", (int)after))
		return false;
	if (before < 0x80 && strchr("([{", (int)before))
		return false;
	for (size_t i = 0; i < sizeof closes / sizeof closes[0]; i++)
		if (closes[i] == after)
			return false;
	for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++)
		if (opens[i] == before)
			return false;
	return char_width(after) > 0;
}

size_t text_wrap(const char *text, int width, const char **next)
{
	int w;
	const char *end = prefix_end(text, width, &w), *stop = text;
	uint32_t before = 0;
	for (const char *p = text; *p;) {
		const char *here = p;
		uint32_t ch = utf8_next(&p);
		if (before && may_break(before, ch))
			stop = here;
		if (here >= end) {
			if (ch == ' ')
				stop = end;
			break;
		}
		before = ch;
	}
	if (!*end || stop == text)
		stop = end;
	if (stop == text && *text) { /* not even one character fits */
		utf8_next(&end);
		stop = end;
	}
	size_t n = (size_t)(stop - text);
	while (*stop == ' ')
		stop++;
	*next = stop;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return n;
}

void text_fit_sentences(const char *text, int width, char *out, size_t cap)
{
	size_t end = 0, word = 0;
	bool more = false;
	for (size_t i = 0; text[i] && i + 4 < cap && !more; i++) {
		bool dot = text[i] == '.' || text[i] == '?';
		size_t stop = strncmp(text + i, "。", 3) == 0 ? 3
							      : dot && (text[i + 1] == ' ' || !text[i + 1]);
		snprintf(out, cap, "%.*s", (int)(i + stop), text);
		more = text_width(out) > width;
		if (stop && !more)
			end = i + stop;
		else if (text[i] == ' ' && text_width(out) <= width - 2)
			word = i;
	}
	if (end)
		snprintf(out, cap, "%.*s", (int)end, text);
	else if (more && word)
		snprintf(out, cap, "%.*s …", (int)word, text);
	else
		text_fit(text, width, out, cap);
}
