/* What the reporting commands print; see report.h. */
#include "src/command/report.h"

#include "trace/base/escape.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

struct report report_to(enum form form)
{
	return (struct report){ .form = form, .json = json_to(stdout) };
}

static void end_line(const struct report *r)
{
	fputs(r->strict ? "\r\n" : "\n", stdout);
}

void report_head(struct report *r, const char *const *name, size_t n)
{
	for (size_t i = 0; r->form == FORM_CSV && i < n; i++)
		printf("%s%s", i ? "," : "", name[i]);
	if (r->form == FORM_CSV)
		end_line(r);
}

void report_row(struct report *r)
{
	r->cells = false;
	if (r->form == FORM_JSON)
		json_object(&r->json);
}

void report_row_end(struct report *r)
{
	if (r->form == FORM_JSON)
		json_end(&r->json);
	else
		end_line(r);
}

void report_group(struct report *r, const char *name)
{
	if (r->form == FORM_JSON)
		json_key_object(&r->json, name);
}

void report_group_end(struct report *r)
{
	if (r->form == FORM_JSON)
		json_end(&r->json);
}

/* Before a value. */
static void name_it(struct report *r, const char *name)
{
	if (r->form == FORM_JSON)
		json_key(&r->json, name);
	else if (r->cells)
		putchar(',');
	r->cells = true;
}

void report_unsigned(struct report *r, const char *name, uint64_t v)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_unsigned(&r->json, v);
	else
		printf("%" PRIu64, v);
}

void report_fixed(struct report *r, const char *name, double v, int decimals)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_fixed(&r->json, v, decimals);
	else if (isfinite(v))
		printf("%.*f", decimals, v);
}

void report_number(struct report *r, const char *name, double v)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_number(&r->json, v);
	else if (isfinite(v))
		printf(v == floor(v) && fabs(v) < 1e15 ? "%.0f" : "%.10g", v);
}

void report_bool(struct report *r, const char *name, bool v)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_bool(&r->json, v);
	else
		fputs(v ? "true" : "false", stdout);
}

void report_none(struct report *r, const char *name)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_null(&r->json);
}

void report_text(struct report *r, const char *name, const char *text)
{
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_text(&r->json, text);
	else if (!r->strict || *text)
		escape_print_text(stdout, r->strict ? ESCAPE_CELL : ESCAPE_CSV, text);
}

void report_address(struct report *r, const char *name, uint64_t v)
{
	char text[20];
	snprintf(text, sizeof text, "%" PRIx64, v);
	name_it(r, name);
	if (r->form == FORM_JSON)
		json_text(&r->json, text);
	else
		fputs(text, stdout);
}

/* ---- text ---- */

void report_clean(const char *text)
{
	escape_print_text(stdout, ESCAPE_TEXT, text);
}

void report_cell(int width, const char *text)
{
	int pad = abs(width);
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n, left = strlen(text);
	for (const char *at = text; left && (n = mbrtowc(&c, at, left, &state)) != 0 && n <= left;
		at += n, left -= n)
		pad -= wcwidth(c) > 0 ? wcwidth(c) : 0;
	pad -= (int)left; /* what is no text in this charset: a column a byte */
	printf("%*s%s%*s", width > 0 && pad > 0 ? pad : 0, "", text, width < 0 && pad > 0 ? pad : 0, "");
}

void report_heads(const struct report_column *column, size_t n)
{
	for (size_t i = 0; i < n; i++)
		report_cell(column[i].width, _(column[i].name));
}

/* ---- progress ---- */

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct progress progress_begin(const char *name, const char *unit)
{
	return (struct progress){
		.name = name, .unit = unit, .began = seconds_now(), .terminal = isatty(STDERR_FILENO)
	};
}

double progress_seconds(const struct progress *p)
{
	return seconds_now() - p->began;
}

void progress_draw(struct progress *p, uint64_t done, uint64_t total)
{
	enum { WIDTH = 24 };
	double now = p->terminal ? seconds_now() : 0, spent = now - p->began;
	if (!p->terminal || spent < 1 || now - p->shown < 0.1)
		return;
	double share = total ? (double)done / (double)total : 0;
	share = share > 1 ? 1 : share;
	p->shown = now;
	p->drawn = true;
	fprintf(stderr, "\r%s ", p->name);
	if (total) {
		char bar[WIDTH + 1] = "";
		for (int i = 0; i < WIDTH; i++)
			bar[i] = i < share * WIDTH ? '#' : '.';
		fprintf(stderr, "[%s] %.0f %%  ", bar, share * 100);
	}
	fprintf(stderr, _("%.3g %s/s"), (double)done / spent, _(p->unit));
	if (share > 0)
		fprintf(stderr, _("  %.0f s left"), spent / share - spent);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = false;
}
