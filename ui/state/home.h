/* Where things are kept between sessions: $XDG_STATE_HOME/mapscope, or ~/.local/state/mapscope. */
#ifndef UI_STATE_H
#define UI_STATE_H

/* The path of a file there, which the caller frees; NULL: there is no such place. */
char *state_file(const char *name);
/* Makes the folders that lead to a path, for nobody else's eyes. */
void state_make_folders(const char *path);

#endif
