/* A text that grows at its end; see builder.h. */
#include "trace/base/builder.h"

#include "trace/base/grown.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct builder builder_in(char *out, size_t cap)
{
	if (cap)
		out[0] = 0;
	return (struct builder){ .text = out, .cap = cap };
}

struct builder builder_own(void)
{
	return (struct builder){ .own = true };
}

void builder_release(struct builder *b)
{
	if (b->own)
		free(b->text);
	*b = (struct builder){ .own = b->own };
}

char *builder_take(struct builder *b)
{
	char *text = b->text ? b->text : memory_get(1);
	*b = (struct builder){ .own = true };
	return text;
}

/* Bytes that n more may take of room, with the zero byte kept free. */
static size_t room(struct builder *b, size_t n)
{
	if (b->own)
		b->text = grown(b->text, &b->cap, b->size + n, 1);
	size_t left = b->size + 1 < b->cap ? b->cap - 1 - b->size : 0;
	return n < left ? n : left;
}

void builder_bytes(struct builder *b, const void *p, size_t n)
{
	size_t fits = room(b, n);
	if (fits) {
		memcpy(b->text + b->size, p, fits);
		b->text[b->size + fits] = 0;
	}
	b->size += n;
}

void builder_text(struct builder *b, const char *text)
{
	builder_bytes(b, text, strlen(text));
}

void builder_char(struct builder *b, char c)
{
	builder_bytes(b, &c, 1);
}

void builder_add(struct builder *b, const char *format, ...)
{
	va_list ap, again;
	va_start(ap, format);
	va_copy(again, ap);
	size_t left = b->size < b->cap ? b->cap - b->size : 0;
	int n = vsnprintf(left ? b->text + b->size : NULL, left, format, ap);
	if (n > 0 && (size_t)n >= left && b->own) {
		room(b, (size_t)n);
		vsnprintf(b->text + b->size, (size_t)n + 1, format, again);
	}
	b->size += n > 0 ? (size_t)n : 0;
	va_end(again);
	va_end(ap);
}

void builder_hex(struct builder *b, const void *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *at = p;
	for (size_t i = 0; i < n; i++) {
		char two[2] = { hex[at[i] >> 4], hex[at[i] & 15] };
		builder_bytes(b, two, 2);
	}
}

size_t builder_length(const struct builder *b)
{
	return b->own || b->size < b->cap ? b->size : b->cap ? b->cap - 1 : 0;
}

bool builder_cut(const struct builder *b)
{
	return !b->own && b->size >= b->cap;
}
