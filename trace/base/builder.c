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

size_t decimal_print(bool negative, uint64_t magnitude, char out[DECIMAL_MOST])
{
	char digits[20];
	size_t n = 0, length = 0;
	do
		digits[n++] = (char)('0' + magnitude % 10);
	while (magnitude /= 10);
	if (negative)
		out[length++] = '-';
	while (n > 0)
		out[length++] = digits[--n];
	out[length] = 0;
	return length;
}

bool decimal_is(const char *text, bool negative, uint64_t magnitude)
{
	uint64_t v = 0;
	if ((*text == '-') != negative)
		return false;
	text += negative;
	if (*text == '0' && text[1]) /* 017 is 15 in a workload */
		return false;
	const char *digit = text;
	for (; *digit >= '0' && *digit <= '9'; digit++)
		if (__builtin_mul_overflow(v, 10u, &v) ||
			__builtin_add_overflow(v, (uint64_t)(*digit - '0'), &v))
			return false;
	return digit > text && !*digit && v == magnitude;
}

void builder_decimal(struct builder *b, bool negative, uint64_t magnitude)
{
	char text[DECIMAL_MOST];
	builder_bytes(b, text, decimal_print(negative, magnitude, text));
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
