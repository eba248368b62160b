/* Keys and what they do.
 *
 * A key is a Unicode character or one of the K_ numbers above them; names are those of tmux's send-keys.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	K_NONE = 0,
	K_TAB = 9,
	K_ENTER = 13,
	K_ESCAPE = 27,
	K_BACKSPACE = 127,
	K_LEFT = 0x110000,
	K_RIGHT,
	K_UP,
	K_DOWN,
	K_HOME,
	K_END,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_INSERT,
	K_DELETE,
	K_BACK_TAB,
	K_F1,
	K_F12 = K_F1 + 11,
	K_META = 0x1000000
};

enum action {
	ACTION_NONE,
#define ACTION(NAME, keys, group, help) ACTION_##NAME,
#include "ui/state/keys.def"
#undef ACTION
	ACTIONS
};
enum action_group { GROUP_TIME, GROUP_FOCUS, GROUP_VIEW, GROUP_OTHER, GROUPS };

/* What a key does outside of prompts: what it is bound to, else what the table says. */
enum action key_action(int key);
/* Binds a key for the rest of the program; ACTION_NONE: it does nothing.  false: too many are bound. */
bool key_bind(int key, enum action a);
void key_unbind_all(void);

struct action_info {
	const char *name; /* "STEP_NEXT" */
	const char *keys;
	enum action_group group;
	const char *help; /* NULL: on the line of the action before */
};
extern const struct action_info action_info[ACTIONS];
/* The keys of a help line as people write them (". ,", "PgDn PgUp"), those of the actions joined to it
 * included; only the first key of each unless all. */
void action_keys(enum action a, bool all, char *out, size_t cap);
/* The keys in force for an action, by tmux's names, separated by blanks; those bound by people first. */
void action_key_list(enum action a, char *out, size_t cap);
/* The action of a name ("step_next", "STEP-NEXT"); ACTIONS: there is none. */
enum action action_parse(const char *name);
/* tmux's name of a key. */
void key_print(int key, char *out, size_t cap);

/* Takes one name off the blank-separated list at *names.  0: the list is at its end; -1: no such key, and
 * *names points at its name still. */
int key_parse(const char **names);

#endif
