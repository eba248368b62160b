/* mapscope: which subcommand, --help and --version. */
#include "src/command/command.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct command commands[] = {
#define COMMAND(name, arguments, sentence, options) { #name, cmd_##name, arguments, sentence, options },
#include "src/command/commands.def"
#undef COMMAND
	{ 0 },
};

static int help(FILE *out)
{
	fputs(_("Usage: mapscope COMMAND [OPTION]... [FILE]\n"
		"An oscilloscope for Go's map: records every byte that a map operation reads or writes,\n"
		"and replays it, forwards and backwards, in your terminal.\n\nCommands:\n"),
		out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-8s %s\n", c->name, _(c->sentence));
	fputs(_("\n      --help     this text; mapscope COMMAND --help tells more\n"
		"      --version  the version and the releases of Go that it reproduces\n"
		"Every command takes these:\n"
		"      --lang LANG    texts in this language: en, zh\n"
		"      --no-config    leave the configuration file out\n\n"
		"Begin with: mapscope demo\n"),
		out);
	return command_flush("", out);
}

static int version(void)
{
	printf(_("%s\nGo's classic map on amd64, byte for byte:"), PACKAGE_STRING);
	for (int i = 0; i < RELEASES; i++)
		printf("%s go%s %s", i ? "," : "", releases[i].name,
			releases[i].proved ? _("(proved against the real runtime)") : _("(from reading)"));
	putchar('\n');
	return command_flush("", stdout);
}

static int unknown(const char *name)
{
	const char *near = script_nearest(name, &commands[0].name, sizeof commands[0]);
	if (near)
		return command_usage("", "\"%s\" is no command; did you mean %s?", name, near);
	return command_usage("", "\"%s\" is no command", name);
}

/* ---- language ---- */

/* The folder of catalogues that has a language: beside a program in a build tree, else where they are
 * installed. */
static bool open_catalogue(const char *language)
{
	char self[2048], path[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = 0;
	char *slash = strrchr(self, '/');
	if (slash) {
		*slash = 0;
		snprintf(path, sizeof path, "%s/ui/po/%s/LC_MESSAGES/mapscope.mo", self, language);
		if (translate_open(path))
			return true;
	}
	snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/mapscope.mo", LOCALE_DIR, language);
	return translate_open(path);
}

/* "zh_CN" for what is Chinese in simplified characters, "en" for English and the locales without a language,
 * else NULL: a language without a catalogue.  length: a name may be one of a list. */
static const char *language_named(const char *name, size_t length)
{
	static const struct {
		const char *name, *catalogue;
	} languages[] = { { "en", "en" }, { "C", "en" }, { "POSIX", "en" }, { "zh", "zh_CN" },
		{ "zh_CN", "zh_CN" }, { "zh_SG", "zh_CN" }, { "zh-CN", "zh_CN" }, { "zh_Hans", "zh_CN" } };
	size_t n = 0;
	while (n < length && !strchr(".@:", name[n]))
		n++;
	for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
		if (strlen(languages[i].name) == n && strncmp(languages[i].name, name, n) == 0)
			return languages[i].catalogue;
	return n >= 3 && strncmp(name, "en_", 3) == 0 ? "en" : NULL;
}

bool command_language_known(const char *name)
{
	return language_named(name, strlen(name)) != NULL;
}

/* What the environment asks for: the first language of LANGUAGE that there is, unless the locale has none. */
static const char *language_of_locale(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *locale = NULL, *list = getenv("LANGUAGE");
	for (int i = 0; i < 3 && (!locale || !*locale); i++)
		locale = getenv(variables[i]);
	const char *found = locale && *locale ? language_named(locale, strlen(locale)) : "en";
	if (!locale || *locale == 'C' || strcmp(locale, "POSIX") == 0)
		return "en";
	while (list && *list) {
		size_t n = strcspn(list, ":");
		const char *named = language_named(list, n);
		if (named)
			return named;
		list += n + (list[n] == ':');
	}
	return found ? found : "en";
}

/* language NULL: what the locale says.  Texts are UTF-8, so a locale of another charset gets English. */
static void choose_language(const char *language)
{
	const char *catalogue = language ? language_named(language, strlen(language)) : language_of_locale();
	if (!catalogue || strcmp(catalogue, "en") == 0)
		return;
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		if (language)
			command_fail("", "the language %s needs a locale with UTF-8, such as LC_ALL=C.UTF-8",
				language);
	} else if (!open_catalogue(catalogue) && language) {
		command_fail("", "the texts in the language %s are not installed", language);
	}
}

/* The locale of the environment; where the system has not generated it, at least its UTF-8. */
static void choose_locale(void)
{
	if (!setlocale(LC_ALL, "")) {
		const char *name = getenv("LC_ALL");
		if (!name || !*name)
			name = getenv("LC_CTYPE");
		if (!name || !*name)
			name = getenv("LANG");
		if (name && (strstr(name, "UTF-8") || strstr(name, "utf8") || strstr(name, "UTF8")))
			setlocale(LC_CTYPE, "C.UTF-8");
	}
	setlocale(LC_NUMERIC, "C"); /* numbers are read and written as Go and SQL have them */
}

/* ---- options that every command takes ---- */

struct common {
	const char *language;
	bool no_config;
};

/* Takes them out of the arguments; returns how many are left. */
static int take_common(int argc, char **argv, struct common *c)
{
	int n = 0;
	bool options = true;
	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--no-config") == 0) {
			c->no_config = true;
		} else if (options && strncmp(argv[i], "--lang=", 7) == 0) {
			c->language = argv[i] + 7;
		} else if (options && strcmp(argv[i], "--lang") == 0) {
			c->language = i + 1 < argc ? argv[++i] : "";
		} else {
			options = options && strcmp(argv[i], "--") != 0;
			argv[n++] = argv[i];
		}
	}
	argv[n] = NULL;
	return n;
}

int main(int argc, char **argv)
{
	struct common common = { NULL, false };
	choose_locale();
	signal(SIGPIPE, SIG_IGN);
	argc = take_common(argc, argv, &common);
	if (common.language && !command_language_known(common.language))
		return command_usage("", "there is no language \"%s\"; there are en and zh", common.language);
	config_read(common.no_config);
	choose_language(common.language ? common.language : config_language());
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return help(stdout);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return version();
	const struct command *c = command_find(name);
	if (!c)
		return unknown(name);
	char whole_name[64]; /* what getopt's own messages begin with */
	snprintf(whole_name, sizeof whole_name, "mapscope %s", c->name);
	argv[1] = whole_name;
	return c->run(argc - 1, argv + 1);
}
