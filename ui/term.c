/* stub */
#include "ui.h"
int ui_run(struct source *s, const struct ui_options *o) { (void)s; (void)o; return -1; }
