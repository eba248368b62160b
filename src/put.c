/* Text made safe; see put.h. */
#include "put.h"

#include <stdbool.h>
#include <stdio.h>

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
