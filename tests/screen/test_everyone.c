/* For everyone: contrast and distance of the themes' colours, ASCII for every glyph, key bindings, wrapped
 * Chinese, catalogues good and damaged.
 *
 * The colours are looked at as people with each kind of sight see them: matrices of Machado, Oliveira and
 * Fernandes (2009) for full protanopia, deuteranopia and tritanopia, applied to linear RGB.
 */
#include "trace/base/translate.h"
#include "ui/grid/grid.h"
#include "ui/state/keys.h"
#include "ui/grid/text.h"
#include "ui/ui.h"

#include <check.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- colours ---- */

struct rgb {
	double v[3];
}; /* linear, 0..1 */

static double linear(int byte)
{
	double v = byte / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Colour 16..255 of xterm's 256. */
static struct rgb xterm(int n)
{
	int level[3];
	ck_assert_msg(n >= 16 && n < 256, "%d is not one of the fixed colours", n);
	if (n >= 232) {
		level[0] = level[1] = level[2] = 8 + 10 * (n - 232);
	} else {
		n -= 16;
		for (int i = 0; i < 3; i++) {
			int six = i == 0 ? n / 36 : i == 1 ? n / 6 % 6 : n % 6;
			level[i] = six ? 55 + 40 * six : 0;
		}
	}
	return (struct rgb){ { linear(level[0]), linear(level[1]), linear(level[2]) } };
}

static double luminance(struct rgb c)
{
	return 0.2126 * c.v[0] + 0.7152 * c.v[1] + 0.0722 * c.v[2];
}

static double contrast(struct rgb a, struct rgb b)
{
	double la = luminance(a), lb = luminance(b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

enum { NORMAL, PROTAN, DEUTAN, TRITAN, SIGHTS };
static const char *const sight_name[SIGHTS] = { "normal", "protan", "deutan", "tritan" };
static const double sight[SIGHTS][3][3] = {
	{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
	{ { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
		{ -0.003882, -0.048116, 1.051998 } },
	{ { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
		{ -0.011820, 0.042940, 0.968881 } },
	{ { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
		{ 0.004733, 0.691367, 0.303900 } },
};

static struct rgb seen(struct rgb c, int s)
{
	struct rgb r;
	for (int i = 0; i < 3; i++) {
		double v = 0;
		for (int j = 0; j < 3; j++)
			v += sight[s][i][j] * c.v[j];
		r.v[i] = v < 0 ? 0 : v > 1 ? 1 : v;
	}
	return r;
}

static double lab_f(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void lab_of(struct rgb c, double lab[3])
{
	double x = lab_f((0.4124564 * c.v[0] + 0.3575761 * c.v[1] + 0.1804375 * c.v[2]) / 0.95047);
	double y = lab_f(luminance(c));
	double z = lab_f((0.0193339 * c.v[0] + 0.1191920 * c.v[1] + 0.9503041 * c.v[2]) / 1.08883);
	lab[0] = 116 * y - 16;
	lab[1] = 500 * (x - y);
	lab[2] = 200 * (y - z);
}

/* CIE76. */
static double distance(struct rgb a, struct rgb b)
{
	double p[3], q[3], sum = 0;
	lab_of(a, p);
	lab_of(b, q);
	for (int i = 0; i < 3; i++)
		sum += (p[i] - q[i]) * (p[i] - q[i]);
	return sqrt(sum);
}

static const style fields[] = { S_TOP, S_KEY, S_ELEM, S_PTR, S_PAD };
enum { FIELDS = sizeof fields / sizeof fields[0] };

/* The measures themselves, against known values. */
START_TEST(test_measures)
{
	ck_assert_double_eq_tol(contrast(xterm(16), xterm(231)), 21, 0.01);
	ck_assert_double_eq_tol(contrast(xterm(196), xterm(231)), 4.0, 0.01); /* ff0000 on white */
	ck_assert_double_eq_tol(distance(xterm(16), xterm(231)), 100, 0.01);
	ck_assert_double_eq_tol(distance(xterm(196), xterm(46)), 170.6, 0.1); /* ff0000, 00ff00 */
	for (int s = 0; s < SIGHTS; s++)                                      /* white stays white */
		ck_assert_double_lt(distance(seen(xterm(231), s), xterm(231)), 0.2);
	ck_assert_double_lt(distance(seen(xterm(196), DEUTAN), seen(xterm(46), DEUTAN)),
		distance(xterm(196), xterm(46)) / 2);
}
END_TEST

START_TEST(test_fields_stay_apart)
{
	static const char *const themes[] = { "dark", "light", "colour-blind" };
	for (int t = 0; t < 3; t++)
		for (int s = 0; s < SIGHTS; s++)
			for (int i = 0; i < FIELDS; i++)
				for (int j = 0; j < i; j++) {
					struct look a = theme_look(theme_find(themes[t]), 256, fields[i]);
					struct look b = theme_look(theme_find(themes[t]), 256, fields[j]);
					double d = distance(
						seen(xterm(a.foreground), s), seen(xterm(b.foreground), s));
					ck_assert_msg(d >= 33,
						"%s, %s sight: colours %d and %d are only %.1f apart",
						themes[t], sight_name[s], a.foreground, b.foreground, d);
				}
}
END_TEST

/* What is weaker than the text, and can be read all the same; the text of a terminal is at least so much. */
static const style weak[] = { S_DEAD, S_LABEL, S_RULE };
enum { WEAK = sizeof weak / sizeof weak[0], TEXT_ON_BLACK = 250, TEXT_ON_WHITE = 236 };

static bool is_weak(int role)
{
	return role == S_PAD || role == S_DEAD || role == S_LABEL || role == S_RULE;
}

static void check_contrast(const char *theme, int paper, double least)
{
	for (int role = 0; role < STYLE_ROLES; role++) {
		struct look l = theme_look(theme_find(theme), 256, (style)role);
		if (l.foreground < 0)
			continue;
		bool own = l.background >= 0 && strcmp(theme, "projector") != 0;
		bool grey = strcmp(theme, "projector") == 0 && is_weak(role);
		double want = own ? 4.5
			: grey    ? 8
				  : least,
		       c = contrast(xterm(l.foreground), xterm(l.background >= 0 ? l.background : paper));
		ck_assert_msg(c >= want, "%s, role %d: contrast of %d is %.2f, not %.1f", theme, role,
			l.foreground, c, want);
	}
}

START_TEST(test_hierarchy)
{
	static const struct {
		const char *theme;
		int paper, text;
	} themes[] = { { "dark", 16, TEXT_ON_BLACK }, { "colour-blind", 16, TEXT_ON_BLACK },
		{ "light", 231, TEXT_ON_WHITE }, { "projector", 16, 231 } };
	for (size_t t = 0; t < sizeof themes / sizeof themes[0]; t++) {
		int theme = theme_find(themes[t].theme);
		double text = contrast(xterm(themes[t].text), xterm(themes[t].paper));
		for (int i = 0; i < WEAK; i++) {
			struct look l = theme_look(theme, 256, weak[i]);
			double c = contrast(xterm(l.foreground), xterm(themes[t].paper));
			ck_assert_msg(c >= 4.5 && c * 1.2 < text, "%s: %d has contrast %.2f, the text %.2f",
				themes[t].theme, l.foreground, c, text);
			ck_assert_msg(!(l.attributes & STYLE_BOLD), "%s: %d is bold", themes[t].theme,
				l.foreground);
		}
		/* The sentence is the strongest; what is said, written, and a tophash look different. */
		ck_assert(theme_look(theme, 256, S_SENTENCE).attributes & STYLE_BOLD);
		static const style apart[] = { S_SENTENCE, S_SAY, S_WRITE_NOW, S_TOP };
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < i; j++) {
				struct look a = theme_look(theme, 256, apart[i]),
					    b = theme_look(theme, 256, apart[j]);
				ck_assert_msg(a.foreground != b.foreground || a.background != b.background,
					"%s: %d and %d are one", themes[t].theme, i, j);
			}
		struct look y = theme_look(theme, 256, S_TO_Y), x = theme_look(theme, 256, S_TO_X);
		ck_assert_int_ne(x.foreground, y.foreground);
	}
}
END_TEST

START_TEST(test_contrast)
{
	check_contrast("dark", 16, 5.5);
	check_contrast("colour-blind", 16, 5.5);
	check_contrast("light", 231, 4.5);
	check_contrast("projector", 16, 15);
}
END_TEST

/* What a terminal answers, and what is none of its answers. */
START_TEST(test_background)
{
	static const struct {
		const char *answer, *theme;
	} told[] = { { "11;rgb:ffff/ffff/ffff", "light" }, { "11;rgb:0000/0000/0000", "dark" },
		{ "11;rgb:ff/fd/e0", "light" }, { "11;rgb:1/2/3", "dark" },
		{ "11;rgba:fdfd/f6f6/e3e3/ffff", "light" }, { "11;rgb:0000/2b2b/3636", "dark" },
		{ "11;rgb:d/d/d", "light" }, { "", NULL }, { "11;", NULL }, { "11;?", NULL },
		{ "11;rgb:", NULL }, { "11;rgb:ff", NULL }, { "11;rgb:ff/ff", NULL },
		{ "11;rgb:ff/ff/", NULL }, { "11;rgb:ff/zz/ff", NULL }, { "10;rgb:ff/ff/ff", NULL },
		{ "11;rgb:fffff/ff/ff", NULL }, { "11;red", NULL } };
	static const struct {
		const char *value, *theme;
	} env[] = { { "15;0", "dark" }, { "0;15", "light" }, { "0;default;7", "light" }, { "7;8", "dark" },
		{ "15;default", NULL }, { "", NULL }, { NULL, NULL }, { "0;99", NULL }, { "0;", NULL },
		{ "0;7x", NULL } };
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		ck_assert_msg(theme_of_background(told[i].answer) ==
				(told[i].theme ? theme_find(told[i].theme) : -1),
			"\"%s\"", told[i].answer);
	for (size_t i = 0; i < sizeof env / sizeof env[0]; i++)
		ck_assert_msg(
			theme_of_colorfgbg(env[i].value) == (env[i].theme ? theme_find(env[i].theme) : -1),
			"\"%s\"", env[i].value ? env[i].value : "");
	for (int role = 0; role < STYLE_ROLES; role++) {
		struct look a = theme_look(theme_auto(), 256, (style)role),
			    b = theme_look(theme_find("dark"), 256, (style)role);
		ck_assert(a.foreground == b.foreground && a.background == b.background &&
			a.attributes == b.attributes);
	}
}
END_TEST

START_TEST(test_looks)
{
	int mono = theme_find("mono"), projector = theme_find("projector");
	ck_assert_int_eq(theme_find("none such"), -1);
	ck_assert_int_eq(theme_find("color-blind"), theme_find("colour-blind"));
	for (int i = 0; theme_name(i); i++) {
		ck_assert_int_eq(theme_find(theme_name(i)), i);
		ck_assert_str_eq(ui_theme_name(i), theme_name(i));
		for (int role = 0; role < STYLE_ROLES; role++) {
			/* Without colours every theme is mono, and the attributes are enough to tell reads
			 * from writes. */
			struct look none = theme_look(i, 0, (style)role),
				    grey = theme_look(mono, 256, (style)role);
			ck_assert_int_eq(none.foreground, -1);
			ck_assert_int_eq(none.background, -1);
			ck_assert_uint_eq(none.attributes, grey.attributes);
			struct look few = theme_look(i, 16, (style)role);
			ck_assert_int_lt(few.foreground, 16);
			ck_assert_int_lt(few.background, 16);
		}
	}
	ck_assert_uint_ne(
		theme_look(mono, 0, S_READ_NOW).attributes, theme_look(mono, 0, S_WRITE_NOW).attributes);
	ck_assert_uint_ne(theme_look(mono, 0, S_READ_NOW).attributes, 0);
	/* The projector's black is its own. */
	ck_assert_int_eq(theme_look(projector, 256, S_TEXT).background, 16);
	ck_assert_int_eq(theme_look(projector, 16, S_TEXT).background, 0);
	ck_assert(theme_look(projector, 256, S_CURSOR).attributes & STYLE_REVERSE);
	/* What is asked for on top of a role stays. */
	ck_assert(theme_look(0, 256, S_KEY | STYLE_UNDERLINE).attributes & STYLE_UNDERLINE);
}
END_TEST

/* ---- glyphs ---- */

START_TEST(test_glyphs)
{
	for (int i = 0; i < GLYPHS; i++) {
		const char *p = glyph_utf8((enum glyph)i);
		struct grid g;
		ck_assert_msg(text_width(p) == 1, "glyph %d is not one column wide", i);
		grid_init(&g, 8, 2, true);
		grid_glyph(&g, grid_rect(&g), 0, 0, S_TEXT, (enum glyph)i);
		grid_put(&g, grid_rect(&g), 0, 1, S_TEXT, p);
		ck_assert_uint_gt(g.cell[0].ch, ' ');
		ck_assert_uint_lt(g.cell[0].ch, 0x7f);
		ck_assert_uint_gt(g.cell[8].ch, ' '); /* in a text too, not as \uNNNN */
		ck_assert_uint_lt(g.cell[8].ch, 0x7f);
		ck_assert_uint_eq(g.cell[9].ch, ' ');
		grid_release(&g);
	}
}
END_TEST

/* ---- key bindings ---- */

START_TEST(test_bindings)
{
	char text[256];
	const char *p;
	for (int a = 0; a < ACTIONS; a++) {
		ck_assert_int_eq(action_parse(action_info[a].name), a);
		for (p = action_info[a].keys; *p;) { /* a key's name, printed, is the key */
			int key = key_parse(&p);
			ck_assert_int_gt(key, 0);
			key_print(key, text, sizeof text);
			const char *q = text;
			ck_assert_int_eq(key_parse(&q), key);
			ck_assert_int_eq(key_action(key), a);
		}
	}
	ck_assert_int_eq(action_parse("step-next"), ACTION_STEP_NEXT);
	ck_assert_int_eq(action_parse("step_nex"), ACTIONS);
	ck_assert_int_eq(action_parse("step_nextt"), ACTIONS);

	ck_assert(key_bind('n', ACTION_STEP_NEXT));
	ck_assert(key_bind('.', ACTION_QUIT));
	ck_assert(key_bind('q', ACTION_NONE));
	ck_assert_int_eq(key_action('n'), ACTION_STEP_NEXT);
	ck_assert_int_eq(key_action('.'), ACTION_QUIT);
	ck_assert_int_eq(key_action('q'), ACTION_NONE);
	action_key_list(ACTION_STEP_NEXT, text, sizeof text);
	ck_assert_str_eq(text, "n");
	action_key_list(ACTION_QUIT, text, sizeof text);
	ck_assert_ptr_nonnull(strchr(text, '.'));
	ck_assert_ptr_null(strchr(text, 'q'));
	ck_assert(key_bind('.', ACTION_STEP_NEXT)); /* the last one counts */
	ck_assert_int_eq(key_action('.'), ACTION_STEP_NEXT);
	key_unbind_all();
	ck_assert_int_eq(key_action('q'), ACTION_QUIT);
	for (int i = 0; i < 100000 && key_bind(0x4000 + i, ACTION_QUIT); i++)
		ck_assert_int_lt(i, 5000);
	key_unbind_all();
}
END_TEST

/* ---- translations ---- */

START_TEST(test_wrap)
{
	const char *next;
	/* Wide characters need no blank, but nothing closes at a line's beginning or opens at its end. */
	ck_assert_uint_eq(text_wrap("芒果很好吃", 6, &next), 9);
	ck_assert_str_eq(next, "好吃");
	ck_assert_uint_eq(text_wrap("芒果很，好", 6, &next), 6);
	ck_assert_str_eq(next, "很，好");
	ck_assert_uint_eq(text_wrap("芒果（好）", 6, &next), 6);
	ck_assert_str_eq(next, "（好）");
	ck_assert_uint_eq(text_wrap("槽 tophash 好", 8, &next), 3);
	ck_assert_str_eq(next, "tophash 好");
	ck_assert_uint_eq(text_wrap("one two three", 7, &next), 7);
	ck_assert_str_eq(next, "three");
	ck_assert_uint_eq(text_wrap("one two three", 6, &next), 3);
	ck_assert_str_eq(next, "two three");
	ck_assert_uint_eq(text_wrap("abcdefgh", 4, &next), 4);
	ck_assert_str_eq(next, "efgh");
	ck_assert_uint_eq(text_wrap("芒", 1, &next), 3); /* wider than a line: it goes on all the same */
}
END_TEST

static unsigned char *mo;
static size_t mo_size;
static char mo_path[] = "/tmp/mapscope-mo-XXXXXX";

static void mo_try(const unsigned char *bytes, size_t n)
{
	FILE *out = fopen(mo_path, "wb");
	ck_assert(out && fwrite(bytes, 1, n, out) == n && fclose(out) == 0);
	translate_open(mo_path);
	translate("kept");
	translate("seed %" PRIu64);
	translate("no such text");
	translate("");
}

static void mo_read(void)
{
	char path[4096];
	const char *top = getenv("top_builddir");
	snprintf(path, sizeof path, "%s/ui/po/zh_CN/LC_MESSAGES/mapscope.mo", top ? top : ".");
	FILE *in = fopen(path, "rb");
	if (!in) /* built without msgfmt */
		return;
	mo = malloc(1 << 20);
	mo_size = fread(mo, 1, 1 << 20, in);
	fclose(in);
}

START_TEST(test_catalogue)
{
	ck_assert_str_eq(translate("kept"), "kept");
	ck_assert(!translate_open("/nonexistent/mapscope.mo"));
	mo_read();
	if (!mo)
		return;
	int file = mkstemp(mo_path);
	ck_assert_int_ge(file, 0);
	close(file);
	mo_try(mo, mo_size);
	ck_assert_str_eq(translate("kept"), "保留");
	ck_assert_str_eq(translate("seed %" PRIu64), "种子 %" PRIu64); /* put together from segments */
	ck_assert_str_eq(translate("no such text"), "no such text");
	ck_assert_str_eq(translate(""), "");
	for (size_t n = 0; n < mo_size; n += n < 300 ? 1 : 997)
		mo_try(mo, n);
	for (size_t i = 0; i < mo_size; i += i < 64 ? 1 : 1009)
		for (int bit = 0; bit < 8; bit += i < 64 ? 1 : 7) {
			mo[i] ^= (unsigned char)(1 << bit);
			mo_try(mo, mo_size);
			mo[i] ^= (unsigned char)(1 << bit);
		}
	translate_close();
	ck_assert_str_eq(translate("kept"), "kept");
	unlink(mo_path);
	free(mo);
}
END_TEST

int main(void)
{
	setlocale(LC_ALL, "");
	Suite *s = suite_create("everyone");
	TCase *colours = tcase_create("colours"), *glyphs = tcase_create("glyphs");
	TCase *keys = tcase_create("keys"), *texts = tcase_create("texts");
	tcase_add_test(colours, test_measures);
	tcase_add_test(colours, test_fields_stay_apart);
	tcase_add_test(colours, test_contrast);
	tcase_add_test(colours, test_hierarchy);
	tcase_add_test(colours, test_background);
	tcase_add_test(colours, test_looks);
	tcase_add_test(glyphs, test_glyphs);
	tcase_add_test(keys, test_bindings);
	tcase_add_test(texts, test_wrap);
	tcase_add_test(texts, test_catalogue);
	tcase_set_timeout(texts, 60);
	suite_add_tcase(s, keys);
	suite_add_tcase(s, texts);
	suite_add_tcase(s, colours);
	suite_add_tcase(s, glyphs);
	SRunner *runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
