/* What the files of the views share. */
#ifndef UI_VIEWS_PRIVATE_H
#define UI_VIEWS_PRIVATE_H

#include "view.h"

/* The rows between hmap and sentence. */
typedef void views_body(struct replay *r, const struct frame *f, struct rect body);
typedef bool views_keys(struct replay *r, const struct scene *s, enum action a, uint64_t n);

views_body bytes_draw;
views_keys bytes_key;
bool bytes_work(struct replay *r), bytes_busy(const struct replay *r);

/* A rule with a title, reverse when the arrows are here, and words at its right end. */
void views_rule(const struct frame *f, struct rect r, int y, bool focus, const char *title, const char *right);
/* The border between two columns: x is the left one's end. */
void views_border(const struct frame *f, struct rect r, int x);
/* Words wrapped into rows y.. of r, at most rows of them; returns the row after the last. */
int views_words(const struct frame *f, struct rect r, int y, int rows, style st, const char *words);
/* The scene of the step in sight, for keys. */
void views_scene(struct replay *r, struct scene *s);

#endif
