/* mapscope replay, show and demo: the recording on a screen, or a frame of it as text. */
#include "src/command/command.h"

#include "src/command/cache_report.h"

#include "ui/ui.h"

#include "trace/base/file.h"

#include <dirent.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct view_options {
	struct ui_options ui;
	char note[64];
	bool step_given, list;
	int width, height;
	const char *keys;
	char whole[PATH_MAX];
};

static int read_size(const char *name, const char *text, void *to)
{
	struct view_options *v = to;
	char *end, *end2;
	long w = strtol(text, &end, 10);
	long h = *end == 'x' ? strtol(end + 1, &end2, 10) : 0;
	if (*end != 'x' || *end2 || w < 1 || h < 1 || w > 1000 || h > 1000)
		return command_usage(name, "\"%s\" is no size; write 80x24 (at most 1000x1000)", text);
	v->width = (int)w;
	v->height = (int)h;
	return -1;
}

static int read_theme(const char *name, const char *text, void *to)
{
	const char **theme = to;
	const char *names[16];
	int n = 0;
	while (n < 15 && (names[n] = ui_theme_name(n))) {
		if (strcmp(names[n], text) == 0) {
			*theme = names[n];
			return -1;
		}
		n++;
	}
	names[n] = NULL;
	const char *near = script_nearest(text, names, sizeof *names);
	return near ? command_usage(name, "there is no theme \"%s\"; did you mean %s?", text, near)
		    : command_usage(name,
			      "there is no theme \"%s\" (dark light mono colour-blind projector auto)", text);
}

static int read_colour(const char *name, const char *text, void *to)
{
	enum ui_colour *colour = to;
	if (strcmp(text, "0") == 0)
		*colour = UI_COLOUR_NONE;
	else if (strcmp(text, "16") == 0)
		*colour = UI_COLOUR_16;
	else if (strcmp(text, "256") == 0)
		*colour = UI_COLOUR_256;
	else
		return command_usage(name, "--colour takes 0, 16 or 256, not \"%s\"", text);
	return -1;
}

static int read_step(const char *name, const char *text, void *to)
{
	struct view_options *v = to;
	v->step_given = true;
	return command_number(text, &v->ui.step) ? -1 : command_usage(name, "\"%s\" is no step", text);
}

/* -1: go on; else the exit status. */
static int parse(const char *name, int argc, char **argv, struct view_options *v)
{
	char error[CACHE_ERROR];
	const struct option_row rows[] = { OPTION_READ("step", read_step, v),
		OPTION_READ("size", read_size, v), OPTION_TEXT("keys", &v->keys),
		OPTION_FLAG("ascii", &v->ui.ascii), OPTION_FLAG("ansi", &v->ui.ansi),
		OPTION_READ("theme", read_theme, &v->ui.theme),
		OPTION_READ("colour", read_colour, &v->ui.colour),
		OPTION_READ("color", read_colour, &v->ui.colour), OPTION_FLAG("mouse", &v->ui.mouse),
		OPTION_FLAG("still", &v->ui.still), CACHE_OPTIONS(&v->ui.caches),
		OPTION_FLAG("list", &v->list), { 0 } };
	*v = (struct view_options){ .width = 80, .height = 24 };
	config_apply(&v->ui);
	int status = options_read(name, argc, argv, rows);
	if (status < 0 && !cache_shape_check(&v->ui.caches, error))
		return command_usage(name, "%s", error);
	return status;
}

/* "go1.23 amd64, proved": what the title says of the newest map. */
static void note_release(const struct source *s, struct view_options *v)
{
	if (s->maps == 0)
		return;
	const struct map_info *m = &s->map[s->maps - 1];
	const struct release *r = release_find(m->go);
	snprintf(v->note, sizeof v->note, "go%s %s %s", m->go, m->arch,
		r && r->proved ? _("proved") : _("from reading"));
	v->ui.release_note = v->note;
}

/* Bookmarks are kept beside a trace; those of a recording in memory under the path of its workload. */
static void note_place(const struct source *s, const char *path, struct view_options *v)
{
	if (store_is_trace(path))
		v->ui.trace = path;
	else
		v->ui.name = realpath(path, v->whole) ? v->whole : s->name;
}

static int interactive(const char *name, struct source *s, struct view_options *v)
{
	note_release(s, v);
	v->ui.engine = command_engine_new();
	v->ui.history = true;
	int status = ui_run(s, &v->ui) ? command_fail(name, "%s", s->error) : EXIT_DONE;
	int saved = command_engine_free(name, v->ui.engine, true);
	return status ? status : saved;
}

static int print_frame(const char *name, struct source *s, struct view_options *v)
{
	note_release(s, v);
	uint64_t step = v->step_given ? v->ui.step : s->steps;
	v->ui.engine = command_engine_new();
	int status = ui_show(s, &v->ui, step, v->width, v->height, v->keys, stdout)
		? command_fail(name, "%s", s->error)
		: EXIT_DONE;
	status = status ? status : command_flush(name, stdout);
	command_engine_free(name, v->ui.engine, false);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	struct view_options v;
	int status = parse("replay", argc, argv, &v);
	if (status < 0)
		status = options_one_file("replay", argc);
	if (status >= 0)
		return status;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return command_fail("replay", "this is no terminal; mapscope show prints a frame as text");
	struct source *s = command_open("replay", argv[optind]);
	if (!s)
		return EXIT_FAILED;
	note_place(s, argv[optind], &v);
	status = interactive("replay", s, &v);
	s->close(s);
	return status;
}

int cmd_show(int argc, char **argv)
{
	struct view_options v;
	int status = parse("show", argc, argv, &v);
	if (status < 0)
		status = options_one_file("show", argc);
	if (status >= 0)
		return status;
	struct source *s = command_open("show", argv[optind]);
	if (!s)
		return EXIT_FAILED;
	note_place(s, argv[optind], &v);
	status = print_frame("show", s, &v);
	s->close(s);
	return status;
}

/* ---- demo ---- */

/* Where the samples are: named by the environment, installed, or beside the program in a build tree. */
static bool samples_folder(char *out, size_t cap)
{
	const char *named = getenv("MAPSCOPE_SAMPLES");
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = 0;
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	const char *const tries[] = { SAMPLES_DIR, "/samples", "/../samples", SAMPLES_SOURCE_DIR };
	if (named && *named) {
		snprintf(out, cap, "%s", named);
		return access(out, R_OK) == 0;
	}
	for (int i = 3; i >= 0; i--) { /* the source tree first: who builds it wants its own samples */
		if (i == 1 || i == 2)
			snprintf(out, cap, "%s%s", self, tries[i]);
		else
			snprintf(out, cap, "%s", tries[i]);
		if (access(out, R_OK) == 0)
			return true;
	}
	return false;
}

static int is_sample(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return n > 4 && strcmp(d->d_name + n - 4, ".map") == 0;
}

/* The first line of a sample's opening comment, its title. */
static void sample_title(const char *folder, const char *file, char *out, size_t cap)
{
	char path[8192], line[256];
	snprintf(path, sizeof path, "%s/%s", folder, file);
	FILE *in = file_open(path);
	*out = 0;
	if (in && fgets(line, sizeof line, in) && line[0] == '#') {
		char *at = line + 1 + strspn(line + 1, " ");
		at[strcspn(at, "\n")] = 0;
		snprintf(out, cap, "%s", at);
	}
	if (in)
		fclose(in);
}

/* The place of a sample in the order of teaching. */
static int sample_place(const char *file)
{
	static const char *const order[] = {
#define SAMPLE(name) name ".map",
#include "src/command/samples.def"
#undef SAMPLE
	};
	int i = 0, n = sizeof order / sizeof order[0];
	while (i < n && strcmp(order[i], file) != 0)
		i++;
	return i;
}

static int by_place(const struct dirent **a, const struct dirent **b)
{
	int by = sample_place((*a)->d_name) - sample_place((*b)->d_name);
	return by ? by : strcmp((*a)->d_name, (*b)->d_name);
}

/* The name that comes nearest; or one that begins with what was typed, or has it. */
static const char *nearest_sample(const char *wanted, const char *const *names)
{
	const char *near = script_nearest(wanted, names, sizeof *names);
	for (int part = 0; !near && *wanted && part < 2; part++)
		for (const char *const *name = names; !near && *name; name++) {
			const char *at = strcasestr(*name, wanted);
			if (at && (part || at == *name))
				near = *name;
		}
	return near;
}

static int list_samples(const char *folder, const char *wanted, char *path, size_t cap)
{
	struct dirent **entry;
	const char *names[256];
	int n = scandir(folder, &entry, is_sample, by_place), status = EXIT_DONE;
	if (n < 0)
		return command_fail("demo", "%s: the samples cannot be listed", folder);
	for (int i = 0; i < n; i++)
		entry[i]->d_name[strlen(entry[i]->d_name) - 4] = 0;
	if (!wanted) {
		for (int i = 0; i < n; i++) {
			char file[300], title[256];
			snprintf(file, sizeof file, "%s.map", entry[i]->d_name);
			sample_title(folder, file, title, sizeof title);
			printf("%-24s %s\n", entry[i]->d_name, title);
		}
		status = command_flush("demo", stdout);
	} else {
		bool found = false;
		int k = 0;
		for (int i = 0; i < n && k < 255; i++) {
			found = found || strcmp(entry[i]->d_name, wanted) == 0;
			names[k++] = entry[i]->d_name;
		}
		names[k] = NULL;
		snprintf(path, cap, "%s/%s.map", folder, wanted);
		if (!found) {
			const char *near = nearest_sample(wanted, names);
			status = near ? command_usage("demo", "there is no sample \"%s\"; did you mean %s?",
						wanted, near)
				      : command_usage("demo", "there is no sample \"%s\"; --list names them",
						wanted);
		}
	}
	for (int i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	return status;
}

int cmd_demo(int argc, char **argv)
{
	struct view_options v;
	char folder[4200], path[8192] = "";
	int status = parse("demo", argc, argv, &v);
	if (status >= 0)
		return status;
	if (argc - optind > 1)
		return command_usage("demo", "one sample at a time");
	if (!samples_folder(folder, sizeof folder))
		return command_fail(
			"demo", "the samples are not at %s; MAPSCOPE_SAMPLES may name their folder", folder);
	if (v.list)
		return list_samples(folder, NULL, NULL, 0);
	status = list_samples(folder, optind < argc ? argv[optind] : "first-insert", path, sizeof path);
	if (status != EXIT_DONE)
		return status;
	struct source *s = command_open("demo", path);
	if (!s)
		return EXIT_FAILED;
	note_place(s, path, &v);
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !v.keys;
	status = terminal ? interactive("demo", s, &v) : print_frame("demo", s, &v);
	s->close(s);
	return status;
}
