/* Texts in other languages; see translate.h.
 *
 * A .mo file, all numbers 32 bits in the byte order of the machine that made it:
 *
 *    0  950412de                  the other way round: the other byte order
 *    4  revision                  major << 16 | minor; minor 1 has the system's own strings, below
 *    8  number of texts
 *   12  where the table of texts is: length and place of each, sorted
 *   16  where the table of translations is
 *   28  number of segments        36  number of the system's own texts
 *   32  their table               40, 44  tables of places of these texts and translations
 *
 * The system's own texts are formats with PRIu64 and the like, which differ between machines.  A place leads
 * to a place of bytes, then pairs: how many of them, and which segment ("PRIu64") stands behind them; ~0:
 * none, the end, where the bytes have their zero with them.
 */
#include "trace/base/translate.h"

#include "trace/base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = (int)0x950412de, HEADER = 48, MOST = 16 << 20, TEXTS_MOST = 100000 };

struct entry {
	const char *text, *translation;
};
/* The one catalogue of the program: _() has no argument for it. */
static struct {
	unsigned char *bytes;
	size_t size;
	bool swapped;
	struct entry *entry; /* sorted by text */
	size_t count;
	char **made; /* texts put together from segments */
	size_t made_count;
} catalogue;

static uint32_t number_at(size_t at)
{
	uint32_t v = 0;
	if (at > catalogue.size || catalogue.size - at < 4)
		return 0;
	memcpy(&v, catalogue.bytes + at, 4);
	return catalogue.swapped ? __builtin_bswap32(v) : v;
}

/* The text that a length and a place at `at` tell of; NULL: it is not inside the file, or has no end. */
static const char *text_at(size_t at)
{
	size_t length = number_at(at), place = number_at(at + 4);
	if (place >= catalogue.size || catalogue.size - place <= length || catalogue.bytes[place + length])
		return NULL;
	return (const char *)catalogue.bytes + place;
}

/* "PRIu64"; its length counts the zero byte at its end. */
static const char *segment_name(uint32_t segment)
{
	size_t at = number_at(32) + 8 * (size_t)segment, length = number_at(at), place = number_at(at + 4);
	if (length == 0 || place >= catalogue.size || catalogue.size - place < length ||
		catalogue.bytes[place + length - 1])
		return NULL;
	return (const char *)catalogue.bytes + place;
}

/* What a macro of inttypes.h is here; NULL: not one of those in use. */
static const char *segment_here(const char *name)
{
	static const struct {
		const char *name, *here;
	} macros[] = { { "PRIu64", PRIu64 }, { "PRIx64", PRIx64 }, { "PRId64", PRId64 }, { "PRIu32", PRIu32 },
		{ "PRIx32", PRIx32 }, { "PRId32", PRId32 } };
	for (size_t i = 0; name && i < sizeof macros / sizeof macros[0]; i++)
		if (strcmp(macros[i].name, name) == 0)
			return macros[i].here;
	return NULL;
}

/* Puts together one of the system's own texts; place is where its pairs begin. */
static const char *made_text(size_t place)
{
	char text[4096];
	size_t n = 0, bytes = number_at(place);
	for (size_t at = place + 4; at + 8 <= catalogue.size; at += 8) {
		size_t length = number_at(at);
		uint32_t segment = number_at(at + 4);
		const char *here = segment == UINT32_MAX ? "" : NULL;
		if (!here && segment < number_at(28))
			here = segment_here(segment_name(segment));
		if (!here || bytes > catalogue.size || catalogue.size - bytes < length ||
			n + length + strlen(here) >= sizeof text)
			return NULL;
		memcpy(text + n, catalogue.bytes + bytes, length);
		n += length;
		bytes += length;
		strcpy(text + n, here);
		n += strlen(here);
		if (segment == UINT32_MAX)
			break;
	}
	text[n] = 0;
	char *copy = strdup(text);
	if (copy)
		catalogue.made[catalogue.made_count++] = copy;
	return copy;
}

static void add(const char *text, const char *translation)
{
	if (text && translation && *text && *translation)
		catalogue.entry[catalogue.count++] = (struct entry){ text, translation };
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

static bool read_catalogue(void)
{
	size_t plain = number_at(8), own = (number_at(4) & 0xffff) ? number_at(36) : 0;
	if (number_at(0) != (uint32_t)MAGIC || number_at(4) >> 16 > 1 || plain > TEXTS_MOST ||
		own > TEXTS_MOST)
		return false;
	catalogue.entry = malloc((plain + own + 1) * sizeof *catalogue.entry);
	catalogue.made = malloc((2 * own + 1) * sizeof *catalogue.made);
	if (!catalogue.entry || !catalogue.made)
		return false;
	for (size_t i = 0; i < plain; i++)
		add(text_at(number_at(12) + 8 * i), text_at(number_at(16) + 8 * i));
	for (size_t i = 0; i < own; i++) {
		const char *text = made_text(number_at(number_at(40) + 4 * i));
		add(text, made_text(number_at(number_at(44) + 4 * i)));
	}
	qsort(catalogue.entry, catalogue.count, sizeof *catalogue.entry, compare);
	return true;
}

bool translate_open(const char *path)
{
	translate_close();
	FILE *in = file_open(path);
	if (!in)
		return false;
	catalogue.bytes = malloc(MOST);
	catalogue.size = catalogue.bytes ? fread(catalogue.bytes, 1, MOST, in) : 0;
	fclose(in);
	if (catalogue.size >= HEADER) {
		catalogue.swapped = number_at(0) !=
			(uint32_t)MAGIC; /* swapped is false while this is asked */
		if (read_catalogue())
			return true;
	}
	translate_close();
	return false;
}

void translate_close(void)
{
	for (size_t i = 0; i < catalogue.made_count; i++)
		free(catalogue.made[i]);
	free(catalogue.made);
	free(catalogue.entry);
	free(catalogue.bytes);
	memset(&catalogue, 0, sizeof catalogue);
}

const char *translate(const char *text)
{
	const struct entry wanted = { text, NULL };
	if (!catalogue.count || !text)
		return text;
	const struct entry *found = bsearch(
		&wanted, catalogue.entry, catalogue.count, sizeof wanted, compare);
	return found ? found->translation : text;
}

const char *translate_n(const char *one, const char *many, uint64_t n)
{
	const char *said = translate(one); /* of both forms msgfmt keeps the first as the key */
	return said != one ? said : n == 1 ? one : many;
}

const char *counted(const char *one, const char *many, uint64_t n)
{
	enum { RING = 8, LENGTH = 96 };
	static _Thread_local char text[RING][LENGTH];
	static _Thread_local unsigned next;
	char *out = text[next++ % RING];
	snprintf(out, LENGTH, translate_n(one, many, n), n);
	return out;
}
