/* The line after a colon: commands of the replay. */
#include "replay_private.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static bool parse_number(const char *text, uint64_t *ret, const char **end)
{
	char *stop;
	if (*text < '0' || *text > '9')
		return false;
	*ret = strtoull(text, &stop, 10);
	*end = stop;
	return true;
}

static void run_command(struct replay *r, const char *text)
{
	uint64_t n;
	const char *end;
	text += strspn(text, " ");
	bool op = strncmp(text, "op ", 3) == 0;
	if (op)
		text += 3 + strspn(text + 3, " ");
	if (parse_number(text, &n, &end)) {
		end += strspn(end, " ");
		if (*end == 0 && op)
			replay_go_op(r, n);
		else if (*end == 0 || strcmp(end, "g") == 0)
			replay_go(r, n);
		else if (strcmp(end, "G") == 0)
			replay_go_op(r, n);
		else if (strcmp(end, "%") == 0 && n <= 100)
			replay_go(r, (uint64_t)((double)r->source->steps * (double)n / 100));
		else
			replay_message(r, true, _("not a place: %s; try 390, 15G or 50%%"), text);
	} else if (strcmp(text, "q") == 0 || strcmp(text, "quit") == 0) {
		r->quit = true;
	} else if (strcmp(text, "help") == 0) {
		r->help = true;
	} else if (*text) {
		replay_message(r, true, _("no such command: %s; try a step, op 15, 50%%, help, quit"), text);
	}
}

void replay_key_in_prompt(struct replay *r, int key)
{
	switch (prompt_key(&r->prompt, key)) {
	case PROMPT_DONE:
		r->prompting = false;
		run_command(r, r->prompt.text);
		break;
	case PROMPT_LEFT: r->prompting = false; break;
	default: break;
	}
}
