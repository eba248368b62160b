/* The user's configuration, and mapscope config, which prints what is in force.
 *
 * $XDG_CONFIG_HOME/mapscope/config, or ~/.config/mapscope/config: lines `name = value` and `bind KEY ACTION`;
 * `#` begins a comment.  A mistake never keeps the program from starting: the line is left out, and the
 * commands that have a use for the file say so on stderr.  Options win over the file, the file over the
 * environment (NO_COLOR, LANG).
 */
#include "src/command/command.h"

#include "src/command/cache_report.h"
#include "ui/state/keys.h"

#include "trace/base/escape.h"

#include "trace/base/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 65536, LINE_WORDS = 8, COMPLAINTS_MAX = 16384 };

/* What the file says: of the whole program, read once. */
static struct {
	char path[4096];
	bool there, ignored;
	struct ui_options ui;
	char theme[32], lang[32];
	char complaints[COMPLAINTS_MAX];
	size_t complaints_length;
} config;

struct word_of {
	const char *text;
	unsigned column;
};
struct config_line {
	unsigned number;
	const char *text;
	struct word_of word[LINE_WORDS];
	int words;
};

static void complain(const struct config_line *l, unsigned column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void complain(const struct config_line *l, unsigned column, const char *format, ...)
{
	char what[512];
	va_list ap;
	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	size_t n = config.complaints_length, cap = sizeof config.complaints - n;
	int add = snprintf(config.complaints + n, cap, "%s:%u:%u: %s\n  %s\n  %*s^\n", config.path, l->number,
		column, what, l->text, (int)column - 1, "");
	if (add > 0 && (size_t)add < cap) /* one that does not fit is left out whole */
		config.complaints_length += (size_t)add;
	else
		config.complaints[n] = 0;
}

/* ---- settings ---- */

/* Ended by NULL; *ret is the index of value in names.  false after a complaint. */
static bool choose(
	const struct config_line *l, const struct word_of *value, const char *const *names, int *ret)
{
	char all[256] = "";
	for (int i = 0; names[i]; i++) {
		if (strcmp(names[i], value->text) == 0) {
			*ret = i;
			return true;
		}
		snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", names[i]);
	}
	const char *near = script_nearest(value->text, names, sizeof *names);
	if (near)
		complain(l, value->column, _("\"%s\" cannot be the value of %s; did you mean %s?"),
			value->text, l->word[0].text, near);
	else
		complain(l, value->column, _("\"%s\" cannot be the value of %s; it takes one of: %s"),
			value->text, l->word[0].text, all);
	return false;
}

static void set_theme(const struct config_line *l, const struct word_of *value)
{
	const char *names[17];
	int n = 0;
	while (n < 16 && (names[n] = ui_theme_name(n)))
		n++;
	names[n] = NULL;
	if (choose(l, value, names, &n)) {
		snprintf(config.theme, sizeof config.theme, "%s", value->text);
		config.ui.theme = config.theme;
	}
}

static void set_colour(const struct config_line *l, const struct word_of *value)
{
	static const char *const names[] = { "auto", "0", "16", "256", NULL };
	static const enum ui_colour colours[] = { UI_COLOUR_AUTO, UI_COLOUR_NONE, UI_COLOUR_16,
		UI_COLOUR_256 };
	int i;
	if (choose(l, value, names, &i))
		config.ui.colour = colours[i];
}

static bool on_or_off(const struct config_line *l, const struct word_of *value, bool *ret)
{
	static const char *const names[] = { "off", "on", "no", "yes", NULL };
	int i;
	if (!choose(l, value, names, &i))
		return false;
	*ret = i & 1;
	return true;
}

static void set_ascii(const struct config_line *l, const struct word_of *value)
{
	on_or_off(l, value, &config.ui.ascii);
}

static void set_mouse(const struct config_line *l, const struct word_of *value)
{
	on_or_off(l, value, &config.ui.mouse);
}

static void set_motion(const struct config_line *l, const struct word_of *value)
{
	bool motion;
	if (on_or_off(l, value, &motion))
		config.ui.still = !motion;
}

static void set_speed(const struct config_line *l, const struct word_of *value)
{
	uint64_t n;
	if (command_number(value->text, &n) && n >= 1 && n <= 1024 && (n & (n - 1)) == 0)
		config.ui.speed = (unsigned)n;
	else
		complain(l, value->column,
			_("\"%s\" is no speed; it is a number of steps a second: 1, 2, 4 and so on to 1024"),
			value->text);
}

/* One part of the model of caches; it is checked with the parts before it. */
static void set_cache(const struct config_line *l, const struct word_of *value, int c)
{
	char error[CACHE_ERROR];
	struct cache_shape s = config.ui.caches.line ? config.ui.caches : cache_shape_usual();
	if (cache_option(&s, c, value->text, error) && cache_shape_check(&s, error))
		config.ui.caches = s;
	else
		complain(l, value->column, "%s", error);
}

static void set_line(const struct config_line *l, const struct word_of *value)
{
	set_cache(l, value, 'L');
}

static void set_l1(const struct config_line *l, const struct word_of *value)
{
	set_cache(l, value, '1');
}

static void set_l2(const struct config_line *l, const struct word_of *value)
{
	set_cache(l, value, '2');
}

static void set_lang(const struct config_line *l, const struct word_of *value)
{
	if (command_language_known(value->text))
		snprintf(config.lang, sizeof config.lang, "%s", value->text);
	else
		complain(
			l, value->column, _("there is no language \"%s\"; there are en and zh"), value->text);
}

static const struct setting {
	const char *name;
	void (*set)(const struct config_line *, const struct word_of *);
} settings[] = {
	{ "theme", set_theme },
	{ "colour", set_colour },
	{ "ascii", set_ascii },
	{ "mouse", set_mouse },
	{ "motion", set_motion },
	{ "speed", set_speed },
	{ "line", set_line },
	{ "l1", set_l1 },
	{ "l2", set_l2 },
	{ "lang", set_lang },
	{ "bind", NULL },
	{ 0 },
};

/* ---- lines ---- */

/* bind KEY ACTION */
static void read_binding(const struct config_line *l)
{
	if (l->words < 3) {
		complain(l, (unsigned)strlen(l->text) + 1, "%s",
			_("a binding is: bind KEY ACTION; \"mapscope config\" names them all"));
		return;
	}
	const char *p = l->word[1].text;
	int key = key_parse(&p);
	if (key <= 0 || *p) {
		complain(l, l->word[1].column,
			_("there is no key \"%s\"; keys have tmux's names: Right, PageDown, Enter, C-l, x"),
			l->word[1].text);
		return;
	}
	enum action a = action_parse(l->word[2].text);
	if (a == ACTIONS) {
		char upper[64];
		snprintf(upper, sizeof upper, "%s", l->word[2].text);
		for (char *c = upper; *c; c++)
			*c = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
		const char *names[ACTIONS + 1];
		for (int i = 0; i < ACTIONS; i++)
			names[i] = action_info[i].name;
		names[ACTIONS] = NULL;
		const char *near = script_nearest(upper, names, sizeof *names);
		if (near)
			complain(l, l->word[2].column, _("there is no action \"%s\"; did you mean %s?"),
				l->word[2].text, near);
		else
			complain(l, l->word[2].column,
				_("there is no action \"%s\"; \"mapscope config\" names them all"),
				l->word[2].text);
		return;
	}
	if (!key_bind(key, a))
		complain(l, 1, "%s", _("these are too many bindings"));
}

static void read_setting(const struct config_line *l)
{
	const struct setting *s = settings;
	while (s->name &&
		strcmp(s->name, strcmp(l->word[0].text, "color") == 0 ? "colour" : l->word[0].text) != 0)
		s++;
	if (!s->name) {
		const char *near = script_nearest(l->word[0].text, &settings[0].name, sizeof *settings);
		if (near)
			complain(l, l->word[0].column, _("there is no setting \"%s\"; did you mean %s?"),
				l->word[0].text, near);
		else
			complain(l, l->word[0].column,
				_("there is no setting \"%s\"; \"mapscope config\" names them all"),
				l->word[0].text);
	} else if (!s->set) {
		read_binding(l);
	} else if (l->words != 3 || strcmp(l->word[1].text, "=") != 0) {
		complain(l, (unsigned)strlen(l->text) + 1, _("a setting is: %s = VALUE"), s->name);
	} else {
		s->set(l, &l->word[2]);
	}
}

/* Splits a line at blanks and `=`.  words are cut out of copy. */
static void split(struct config_line *l, char *copy)
{
	l->words = 0;
	bool binding = false;
	for (size_t i = 0; copy[i] && l->words < LINE_WORDS;) {
		if (copy[i] == ' ' || copy[i] == '\t') {
			copy[i++] = 0;
			continue;
		}
		if (copy[i] == '#' && !(binding && l->words == 1))
			break;
		bool equals = copy[i] == '=' && !binding;
		l->word[l->words++] = (struct word_of){ equals ? "=" : copy + i, (unsigned)i + 1 };
		if (equals)
			copy[i++] = 0;
		else
			i += strcspn(copy + i, binding ? " \t" : " \t=");
		if (l->words == 1)
			binding = strncmp(copy, "bind", 4) == 0 && (copy[4] == ' ' || copy[4] == '\t');
	}
}

static void read_text(char *text)
{
	struct config_line l = { .number = 0 };
	for (char *next; text; text = next) {
		char copy[512] = "";
		next = strchr(text, '\n');
		if (next)
			*next++ = 0;
		text[strcspn(text, "\r")] = 0;
		l.number++;
		l.text = text;
		if (strlen(text) >= sizeof copy) {
			text[60] = 0;
			complain(&l, 61, "%s", _("the line is too long"));
			continue;
		}
		strcpy(copy, text);
		split(&l, copy);
		if (l.words)
			read_setting(&l);
	}
}

static void find_path(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (xdg && *xdg == '/') /* the XDG specification: others are to be ignored */
		snprintf(config.path, sizeof config.path, "%s/mapscope/config", xdg);
	else if (home && *home)
		snprintf(config.path, sizeof config.path, "%s/.config/mapscope/config", home);
}

void config_read(bool ignore)
{
	static char text[FILE_MAX + 1];
	find_path();
	config.ignored = ignore;
	FILE *in = ignore || !config.path[0] ? NULL : file_open(config.path);
	if (!in) {
		if (!ignore && config.path[0] && errno == ENOTSUP)
			config.complaints_length = (size_t)snprintf(config.complaints,
				sizeof config.complaints,
				_("%.1000s: this is no configuration file; the defaults are used\n"),
				config.path);
		else if (!ignore && config.path[0] && errno != ENOENT && errno != ENOTDIR)
			config.complaints_length = (size_t)snprintf(config.complaints,
				sizeof config.complaints, "%.1000s: %s\n", config.path, strerror(errno));
		return;
	}
	size_t n = fread(text, 1, FILE_MAX, in);
	bool failed = ferror(in);
	fclose(in);
	if (failed || n == FILE_MAX || memchr(text, 0, n)) {
		config.complaints_length = (size_t)snprintf(config.complaints, sizeof config.complaints,
			_("%.1000s: this is no configuration file; the defaults are used\n"), config.path);
		return;
	}
	text[n] = 0;
	config.there = true;
	read_text(text);
}

const char *config_language(void)
{
	return config.lang[0] ? config.lang : NULL;
}

void config_apply(struct ui_options *o)
{
	if (config.complaints_length) {
		command_print_clean(config.complaints);
		config.complaints_length = 0;
	}
	o->theme = config.ui.theme;
	o->colour = config.ui.colour;
	o->ascii = config.ui.ascii;
	o->mouse = config.ui.mouse;
	o->still = config.ui.still;
	o->speed = config.ui.speed;
	o->caches = config.ui.caches.line ? config.ui.caches : cache_shape_usual();
}

/* ---- mapscope config ---- */

static void print_bindings(void)
{
	for (int a = 0; a < ACTIONS; a++) {
		char keys[256];
		action_key_list((enum action)a, keys, sizeof keys);
		if (action_info[a].help)
			printf("# %s\n", _(action_info[a].help));
		for (const char *p = keys; *p;) {
			size_t n = strcspn(p, " ");
			printf("bind %.*s %s\n", (int)n, p, action_info[a].name);
			p += n + strspn(p + n, " ");
		}
	}
}

int cmd_config(int argc, char **argv)
{
	struct ui_options o = { 0 };
	char l1[40], l2[40];
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return command_help("config");
	if (argc > 1)
		return command_usage("config", _("\"%s\" is too much"), argv[1]);
	config_apply(&o);
	printf("# %s\n",
		config.ignored         ? _("the defaults; the file was not read")
			: config.there ? _("the defaults, and what was read from this file:")
				       : _("the defaults; this file would be read:"));
	if (config.path[0])
		fputs("# ", stdout), escape_print_text(stdout, ESCAPE_TEXT, config.path),
			fputs("\n\n", stdout);
	printf("theme = %s\n", o.theme ? o.theme : "auto");
	printf("colour = %s\n",
		o.colour == UI_COLOUR_NONE          ? "0"
			: o.colour == UI_COLOUR_16  ? "16"
			: o.colour == UI_COLOUR_256 ? "256"
						    : "auto");
	printf("ascii = %s\n", o.ascii ? "on" : "off");
	printf("mouse = %s\n", o.mouse ? "on" : "off");
	printf("motion = %s\n", o.still ? "off" : "on");
	printf("speed = %u\n", o.speed ? o.speed : 4);
	printf("line = %u\n", o.caches.line);
	cache_level_print(o.caches.l1, l1, sizeof l1);
	cache_level_print(o.caches.l2, l2, sizeof l2);
	printf("l1 = %s\nl2 = %s\n", l1, l2);
	printf(config.lang[0] ? "lang = %s\n" : "# lang = %s\n\n", config.lang[0] ? config.lang : "en");
	print_bindings();
	return command_flush("config", stdout);
}
