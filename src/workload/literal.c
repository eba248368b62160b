/* Words to values; see literal.h. */
#include "src/workload/literal.h"

#include "trace/base/builder.h"

#include "trace/base/memory.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- whole numbers ---- */

/* Digits of a base with Go's underscores (between digits, or after a prefix); the magnitude in *ret. */
static bool parse_digits(const char *s, uint64_t *ret, bool *ret_range)
{
	unsigned base = 10;
	bool digit_before = false, any = false;
	*ret_range = false;
	if (s[0] == '0' && s[1]) {
		int c = tolower((unsigned char)s[1]);
		base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
		s += base != 8 || c == 'o' ? 2 : 1;
		digit_before = true;
	}
	*ret = 0;
	for (; *s; s++) {
		if (*s == '_') {
			if (!digit_before)
				return false;
			digit_before = false;
			continue;
		}
		unsigned d = isdigit((unsigned char)*s) ? (unsigned)(*s - '0')
			: isalpha((unsigned char)*s)    ? (unsigned)(tolower((unsigned char)*s) - 'a' + 10)
							: 99;
		if (d >= base)
			return false;
		if ((int)__builtin_mul_overflow(*ret, base, ret) |
			(int)__builtin_add_overflow(*ret, d, ret)) /* both are done */
			*ret_range = true;
		digit_before = any = true;
	}
	return any && digit_before;
}

bool literal_uint64(const char *text, uint64_t *ret)
{
	bool range;
	uint64_t v;
	if (!parse_digits(text, &v, &range) || range)
		return false;
	*ret = v;
	return true;
}

bool literal_int64(const char *text, int64_t *ret)
{
	bool minus = text[0] == '-';
	uint64_t v;
	if (!literal_uint64(text + (minus || text[0] == '+'), &v) || v > (uint64_t)INT64_MAX + minus)
		return false;
	*ret = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* ---- floating point ---- */

/* How many bytes of s are a number for ParseFloat, as parseFloatPrefix takes it; 0: none.  clean gets it
 * without its underscores, as strtod reads it. */
static size_t float_prefix(const char *s, char *clean, size_t cap)
{
	size_t i = 0, n = 0;
	bool hex = false, digits = false, dot = false, exponent = false, under = false;
#define KEEP() \
	do { \
		if (n + 1 < cap) \
			clean[n++] = s[i]; \
		i++; \
	} while (0)
	if (s[i] == '+' || s[i] == '-')
		KEEP();
	if (strncasecmp(s + i, "infinity", 8) == 0 || strncasecmp(s + i, "inf", 3) == 0) {
		size_t len = strncasecmp(s + i, "infinity", 8) == 0 ? 8 : 3;
		while (len--)
			KEEP();
		clean[n] = 0;
		return i;
	}
	if (i == 0 && strncasecmp(s, "nan", 3) == 0) {
		memcpy(clean, "nan", 4);
		return 3;
	}
	if (s[i] == '0' && tolower((unsigned char)s[i + 1]) == 'x') {
		hex = true;
		KEEP();
		KEEP();
	}
	for (;;) {
		int c = (unsigned char)s[i];
		if (c == '_') {
			under = true;
			i++;
		} else if (c == '.' && !dot) {
			dot = true;
			KEEP();
		} else if (hex ? isxdigit(c) : isdigit(c)) {
			digits = true;
			KEEP();
		} else {
			break;
		}
	}
	if (!digits)
		return 0;
	if (tolower((unsigned char)s[i]) == (hex ? 'p' : 'e')) {
		size_t sign = s[i + 1] == '+' || s[i + 1] == '-';
		if (!isdigit((unsigned char)s[i + 1 + sign]))
			return 0;
		exponent = true;
		for (size_t k = 0; k < 1 + sign; k++)
			KEEP();
		while (isdigit((unsigned char)s[i]) || s[i] == '_') {
			if (s[i] == '_') {
				under = true;
				i++;
			} else {
				KEEP();
			}
		}
	}
#undef KEEP
	clean[n] = 0;
	if (hex && !exponent)
		return 0;
	/* underscores only between digits, or after the prefix */
	for (size_t k = 0; under && k < i; k++)
		if (s[k] == '_' &&
			!((k > 0 && (isxdigit((unsigned char)s[k - 1]) || (hex && k == 2))) &&
				isxdigit((unsigned char)s[k + 1])))
			return 0;
	return i;
}

/* A number at the beginning of s; *ret_n bytes of it.  NULL or what is wrong. */
static const char *parse_float(const char *s, double *ret, size_t *ret_n)
{
	char clean[512];
	*ret_n = float_prefix(s, clean, sizeof clean);
	if (*ret_n == 0)
		return "is no number";
	if (strcmp(clean, "nan") == 0) { /* the bits of math.NaN() */
		uint64_t bits = 0x7ff8000000000001u;
		memcpy(ret, &bits, 8);
		return NULL;
	}
	*ret = strtod(clean, NULL);
	if (isinf(*ret) && !strcasestr(clean, "inf"))
		return "is too large for float64";
	return NULL;
}

static const char *parse_complex(const char *text, double *re, double *im)
{
	static const char wrong[] = "is no complex number (write it as 1+2i)";
	char copy[1024], *s = copy;
	size_t len = strlen(text), n;
	if (len >= sizeof copy)
		return wrong;
	memcpy(copy, text, len + 1);
	if (len >= 2 && s[0] == '(' && s[len - 1] == ')') {
		s[len - 1] = 0;
		s++;
	}
	*im = 0;
	if (parse_float(s, re, &n))
		return wrong;
	s += n;
	if (!*s)
		return NULL;
	if (strcmp(s, "i") == 0) {
		*im = *re;
		*re = 0;
		return NULL;
	}
	if (*s != '+' && *s != '-')
		return wrong;
	if (*s == '+' && s[1] && s[1] != '+')
		s++;
	if (parse_float(s, im, &n) || strcmp(s + n, "i") != 0)
		return wrong;
	return NULL;
}

/* ---- values of a type ---- */

static void set_bytes(struct go_value *v, uint8_t *at, const void *src, size_t n)
{
	if (n)
		memcpy(at, src, n);
	v->data = at;
	v->len = n;
}

static void store_float(const struct go_type *t, double d, uint8_t *at, struct go_value *v)
{
	float f = (float)d;
	if (t->size == 4)
		set_bytes(v, at, &f, 4);
	else
		set_bytes(v, at, &d, 8);
}

static void store_complex(const struct go_type *t, double re, double im, uint8_t *at, struct go_value *v)
{
	float f[2] = { (float)re, (float)im };
	double d[2] = { re, im };
	if (t->size == 8)
		set_bytes(v, at, f, 8);
	else
		set_bytes(v, at, d, 16);
}

/* i as little-endian bytes, cut or zero-padded. */
static void store_integer(const struct go_type *t, uint64_t i, uint8_t *at, struct go_value *v)
{
	if (t->size > 8)
		memset(at, 0, t->size);
	memcpy(at, &i, t->size < 8 ? t->size : 8);
	v->data = at;
	v->len = t->size;
}

static bool is_signed(enum go_kind k)
{
	return k >= GO_INT8 && k <= GO_INT;
}

static const char *parse_integer(const struct go_type *t, const char *text, uint8_t *at, struct go_value *v)
{
	static const char *const too_large[] = { "is too large for its type", "is no whole number" };
	bool minus = text[0] == '-', range;
	uint64_t m;
	if (!parse_digits(text + (minus || text[0] == '+'), &m, &range))
		return too_large[1];
	uint64_t i = minus ? 0 - m : m;
	bool fits = !range;
	if (t->kind == GO_BYTES) /* always cut */
		fits = true;
	else if (is_signed(t->kind))
		fits = fits && m <= (UINT64_C(1) << (8 * t->size - 1)) - 1 + minus;
	else
		fits = fits && !(minus && m) && (t->size == 8 || m < UINT64_C(1) << 8 * t->size);
	if (!fits)
		return too_large[0];
	store_integer(t, i, at, v);
	return NULL;
}

static const char *parse_any(struct pool *pool, const struct token *w, struct go_value *ret);

const char *literal_parse(
	struct pool *pool, const struct go_type *t, const struct token *w, struct go_value *ret)
{
	double re, im;
	size_t n;
	const char *wrong = NULL;
	*ret = (struct go_value){ .kind = t->kind };
	if (t->kind == GO_ANY)
		return parse_any(pool, w, ret);
	uint8_t *at = pool_alloc(pool, t->size ? t->size : 1);
	switch (t->kind) {
	case GO_STRING:
		ret->data = (const uint8_t *)w->text;
		ret->len = w->len;
		return NULL;
	case GO_EMPTY: return NULL;
	case GO_OPAQUE: return "is of a type whose values cannot be written";
	case GO_BOOL:
		if (strcmp(w->text, "true") != 0 && strcmp(w->text, "false") != 0)
			return "is no bool (true or false)";
		store_integer(t, w->text[0] == 't', at, ret);
		return NULL;
	case GO_FLOAT32:
	case GO_FLOAT64:
		wrong = parse_float(w->text, &re, &n);
		if (!wrong && w->text[n])
			wrong = "is no number";
		if (!wrong)
			store_float(t, re, at, ret);
		return wrong;
	case GO_COMPLEX64:
	case GO_COMPLEX128:
		wrong = parse_complex(w->text, &re, &im);
		if (!wrong)
			store_complex(t, re, im, at, ret);
		return wrong;
	default: return parse_integer(t, w->text, at, ret);
	}
}

/* TYPE(VALUE); the word's own text stays as it is. */
static const char *parse_conversion(
	struct pool *pool, const struct token *w, const char *open, struct go_value *ret)
{
	char name[24];
	struct go_type t;
	size_t type_len = (size_t)(open - w->text), len = w->len - type_len - 2;
	if (type_len >= sizeof name)
		return "is no value: no such type";
	memcpy(name, w->text, type_len);
	name[type_len] = 0;
	if (!go_type_parse(name, &t) || t.kind == GO_BYTES || t.kind == GO_ANY || t.kind == GO_EMPTY)
		return "is no value: no basic type of that name";
	struct token inner = *w;
	inner.text = pool_alloc(pool, len + 1);
	memcpy(inner.text, open + 1, len);
	inner.text[len] = 0;
	inner.len = len;
	if (t.kind == GO_STRING && len >= 2 && inner.text[0] == '"' && inner.text[len - 1] == '"') {
		inner.text[len - 1] = 0;
		inner.text++;
		inner.len -= 2;
	}
	return literal_parse(pool, &t, &inner, ret);
}

static const char *parse_any_value(struct pool *pool, const struct token *w, struct go_value *ret)
{
	struct go_type t = go_type_basic(GO_STRING);
	const char *s = w->text, *open = strchr(s, '(');
	char clean[512];
	if (w->quoted)
		return literal_parse(pool, &t, w, ret);
	if (strcmp(s, "nil") == 0) {
		ret->nil = true;
		return NULL;
	}
	if (strcmp(s, "[]int{}") == 0) {
		*ret = (struct go_value){ .kind = GO_SLICE };
		ret->data = pool_alloc(pool, 24);
		memset((uint8_t *)ret->data, 0, 24);
		ret->len = 24;
		return NULL;
	}
	if (open && w->len > 2 && s[w->len - 1] == ')')
		return parse_conversion(pool, w, open, ret);
	const char *digits = s + (s[0] == '-' || s[0] == '+');
	if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0) {
		t = go_type_basic(GO_BOOL);
	} else if (isdigit((unsigned char)digits[0]) ||
		(digits[0] == '.' && isdigit((unsigned char)digits[1]))) {
		uint64_t m;
		bool range;
		if (parse_digits(digits, &m, &range))
			t = go_type_basic(GO_INT);
		else if (float_prefix(s, clean, sizeof clean) == w->len)
			t = go_type_basic(GO_FLOAT64);
		else if (s[w->len - 1] == 'i')
			t = go_type_basic(GO_COMPLEX128);
	}
	return literal_parse(pool, &t, w, ret);
}

static const char *parse_any(struct pool *pool, const struct token *w, struct go_value *ret)
{
	*ret = (struct go_value){ .kind = GO_ANY };
	const char *wrong = parse_any_value(pool, w, ret);
	ret->is_any = true;
	return wrong;
}

/* i in decimal, terminated; how many digits and signs.  A million elements make two million of these: no
 * snprintf. */
static size_t put_decimal(char *out, int64_t i)
{
	return decimal_print(i < 0, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, out);
}

static void put_word(const struct go_type *t, int64_t i, char *text)
{
	if (t->kind == GO_EMPTY)
		strcpy(text, "{}");
	else if (t->kind == GO_BOOL)
		strcpy(text, i & 1 ? "true" : "false");
	else
		put_decimal(text, i);
}

void literal_element(
	const struct go_type *t, int64_t i, char prefix, uint8_t *buffer, struct go_value *ret, char *text)
{
	*ret = (struct go_value){ .kind = t->kind };
	if (text && t->kind != GO_STRING)
		put_word(t, i, text);
	switch (t->kind) {
	case GO_STRING:
		buffer[0] = (uint8_t)prefix;
		ret->len = 1 + put_decimal((char *)buffer + 1, i);
		ret->data = buffer;
		if (text)
			memcpy(text, buffer, ret->len + 1);
		break;
	case GO_EMPTY: break;
	case GO_BOOL: store_integer(t, (uint64_t)i & 1, buffer, ret); break;
	case GO_FLOAT32:
	case GO_FLOAT64: store_float(t, (double)i, buffer, ret); break;
	case GO_COMPLEX64:
	case GO_COMPLEX128: store_complex(t, (double)i, 0, buffer, ret); break;
	case GO_ANY: { /* as the literal i: an int */
		struct go_type integer = go_type_basic(GO_INT);
		ret->kind = GO_INT;
		ret->is_any = true;
		store_integer(&integer, (uint64_t)i, buffer, ret);
		break;
	}
	default: store_integer(t, (uint64_t)i, buffer, ret);
	}
}
