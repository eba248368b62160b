/* A line of a workload as tokens: blanks separate, # begins a comment, quotes with Go's escapes hold
 * anything. */
#include "src/workload/tokens.h"

#include "trace/base/escape.h"
#include "trace/base/translate.h"
#include "trace/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

/* count digits of base 16 or 8 from s. */
static bool digits(const char *s, const char *end, unsigned count, unsigned base, uint32_t *ret)
{
	*ret = 0;
	for (unsigned i = 0; i < count; i++) {
		int d = s + i < end ? hex_digit(s[i]) : -1;
		if (d < 0 || (unsigned)d >= base)
			return false;
		*ret = *ret * base + (uint32_t)d;
	}
	return true;
}

/* One escape after its backslash.  How many bytes of it there are, 0: it is wrong. */
static size_t escape(const char *s, const char *end, char *out, size_t *n)
{
	static const char names[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
	uint32_t v;
	if (s == end)
		return 0;
	const char *simple = *s ? strchr(names, *s) : NULL;
	if (simple) {
		out[(*n)++] = values[simple - names];
		return 1;
	}
	unsigned count = *s == 'x' ? 2 : *s == 'u' ? 4 : *s == 'U' ? 8 : 0;
	if (count) {
		if (!digits(s + 1, end, count, 16, &v))
			return 0;
		if (*s == 'x')
			out[(*n)++] = (char)v;
		else if (v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
			return 0;
		else
			*n += utf8_encode(v, out + *n);
		return count + 1;
	}
	if (digits(s, end, 3, 8, &v) && v < 256) {
		out[(*n)++] = (char)v;
		return 3;
	}
	return 0;
}

/* A quoted token from the quote at *at; leaves *at behind it. */
static const char *quoted(struct token *w, const char **at, const char *end)
{
	const char *s = *at + 1;
	size_t n = 0;
	w->quoted = true;
	while (s < end && *s != '"') {
		if (*s != '\\') {
			w->text[n++] = *s++;
			continue;
		}
		size_t used = escape(s + 1, end, w->text, &n);
		if (!used) {
			*at = s;
			return "is no escape of Go (\\\" \\\\ \\a \\b \\f \\n \\r \\t \\v \\xNN \\NNN "
			       "\\uNNNN \\UNNNNNNNN)";
		}
		s += 1 + used;
	}
	if (s == end)
		return "begins a text that has no closing quote";
	*at = s + 1;
	w->len = n;
	return NULL;
}

const char *tokens_split(struct line *l, struct pool *pool, unsigned *ret_column)
{
	const char *s = l->text, *end = s + l->len;
	l->tokens = 0;
	for (;;) {
		while (s < end && is_blank(*s))
			s++;
		if (s == end || *s == '#')
			return NULL;
		*ret_column = (unsigned)(s - l->text) + 1;
		if (l->tokens == TOKENS_MAX)
			return "is one word too many";
		struct token *w = &l->token[l->tokens];
		*w = (struct token){ .raw = s, .column = *ret_column };
		w->text = pool_alloc(pool, (size_t)(end - s) + 1);
		if (*s == '"') {
			const char *start = s, *wrong = quoted(w, &s, end);
			if (wrong) {
				*ret_column = (unsigned)(s - l->text) + 1;
				return wrong;
			}
			if (s < end && !is_blank(*s) && *s != '#') {
				*ret_column = (unsigned)(s - l->text) + 1;
				return "must be separated from the text before it by a blank";
			}
			(void)start;
		} else {
			while (s < end && !is_blank(*s) && *s != '#')
				w->text[w->len++] = *s++;
		}
		w->text[w->len] = 0;
		w->raw_len = (size_t)(s - w->raw);
		l->tokens++;
	}
}

/* Columns that text takes on a terminal; bytes that are no characters take one each. */
static int columns(const char *s, size_t n)
{
	int total = 0;
	mbstate_t state = { 0 };
	while (n > 0) {
		wchar_t c;
		size_t used = mbrtowc(&c, s, n, &state);
		if (used == 0 || used > n) {
			memset(&state, 0, sizeof state);
			used = 1;
			total++;
		} else {
			int w = wcwidth(c);
			total += w > 0 ? w : 0;
		}
		s += used;
		n -= used;
	}
	return total;
}

/* Puts one byte in place of what a terminal would obey or that is no UTF-8; control stands for a control
 * byte.  Returns the new length; *at, a place in the text, moves with it. */
static size_t replace_hidden(char *text, size_t n, char control, size_t *at)
{
	size_t to = 0, place = *at;
	for (size_t i = 0, used; i < n; i += used) {
		uint32_t ch = 0;
		bool plain = (used = utf8_decode(text + i, n - i, &ch)) > 0 && !escape_is_hidden(ch);
		if (i <= place)
			*at = to;
		if (plain)
			memmove(text + to, text + i, used);
		else
			text[to] = used == 1 ? control : '?';
		used = used ? used : 1;
		to += plain ? used : 1;
	}
	if (place >= n)
		*at = to;
	text[to] = 0;
	return to;
}

int tokens_error(const struct line *l, unsigned column, char *out, size_t cap, const char *format, ...)
{
	char what[512], shown[256];
	va_list ap;
	va_start(ap, format);
	vsnprintf(what, sizeof what, _(format), ap);
	va_end(ap);
	/* a long line is shown around the place; tabs and control bytes would move the caret */
	size_t at = column - 1, from = at > 60 ? at - 60 : 0, len = l->len - from;
	if (from > l->len)
		from = 0, len = l->len;
	if (len > sizeof shown - 1)
		len = sizeof shown - 1;
	while (len > 0 && from + len < l->len && ((unsigned char)l->text[from + len] & 0xc0) == 0x80)
		len--;
	memcpy(shown, l->text + from, len);
	size_t place = at - from, none = 0;
	replace_hidden(shown, len, ' ', &place);
	replace_hidden(what, strlen(what), '?', &none);
	int caret = columns(shown, place);
	snprintf(out, cap, "%s:%u:%u: %s\n  %s\n  %*s^", l->file, l->number, column, what, shown, caret, "");
	return -1;
}
