/* What the files of the generator share. */
#ifndef MAN_GENERATE_H
#define MAN_GENERATE_H

#include <stdbool.h>

struct page_command {
	const char *name, *arguments, *sentence, *options;
};
extern const struct page_command page_commands[]; /* ended by a NULL name */

/* A line of a command's options: name "" and letter "": words that belong to no option. */
struct page_option {
	char letter[2], name[32], argument[64], text[512];
};
/* The next line at *help, with those that it goes on in.  false: the help is at its end. */
bool option_next(const char **help, struct page_option *o);

/* Each prints a completion and gives 0. */
int complete_bash(void);
int complete_zsh(void);
int complete_fish(void);

#endif
