/* A plot of bars, with marks for theory, drawn into a grid: for the labs' reports and the views. */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include "ui/grid/grid.h"

struct plot {
	const char *title;        /* over it; NULL: none */
	const char *const *label; /* under the bars, as many as there is room for; "": this one has none;
				     NULL: none has */
	const double *value;      /* NAN: no bar */
	const double *theory;     /* a mark at that height; NULL or NAN: none */
	size_t n;
	style bar, mark;
};

/* Fills r.  Where there are more bars than columns, a column shows the largest of its bars. */
void plot_draw(struct grid *g, struct rect r, const struct plot *p);
/* A number in at most 7 columns: 1234567 as 1.23M. */
void plot_number(double v, char *out, size_t cap);

#endif
