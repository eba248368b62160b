/* Text made safe; see put.h. */
#include "src/command/put.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Bytes that a terminal would act upon: C0, DEL, and the second byte of C1 in UTF-8. */
static bool is_control(const char *s, const char *begin)
{
	unsigned char c = (unsigned char)*s;
	return c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0 && s > begin && (unsigned char)s[-1] == 0xc2);
}

void put_clean(const char *s)
{
	for (const char *at = s; *at; at++)
		printf(is_control(at, s) ? "\\x%02x" : "%c", (unsigned char)*at);
}

void put_json(const char *s)
{
	putchar('"');
	for (const char *at = s; *at; at++) {
		bool c1 = (unsigned char)at[0] == 0xc2 && is_control(at + 1, at);
		if (c1 || is_control(at, s) || *at == '"' || *at == '\\')
			printf("\\u%04x", c1 ? (unsigned char)*++at : (unsigned char)*at);
		else
			putchar(*at);
	}
	putchar('"');
}

void put_csv(const char *s)
{
	putchar('"');
	for (const char *at = s; *at; at++)
		printf(*at == '"' ? "\"\"" : is_control(at, s) ? "\\x%02x" : "%c", (unsigned char)*at);
	putchar('"');
}

void put_column(int width, const char *text)
{
	int pad = abs(width);
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n, left = strlen(text);
	for (const char *at = text; left && (n = mbrtowc(&c, at, left, &state)) != 0 && n <= left; at += n, left -= n)
		pad -= wcwidth(c) > 0 ? wcwidth(c) : 0;
	pad -= (int)left; /* what is no text in this charset: a column a byte */
	printf("%*s%s%*s", width > 0 && pad > 0 ? pad : 0, "", text, width < 0 && pad > 0 ? pad : 0, "");
}
