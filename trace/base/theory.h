/* What chance alone would do: Poisson's law and the chi-square test, for labs and views.
 */
#ifndef TRACE_THEORY_H
#define TRACE_THEORY_H

/* Probability of k when mean are to be expected; of more than k. */
double theory_poisson(double mean, unsigned k);
double theory_poisson_over(double mean, unsigned k);
/* Groups of so many slots, in chains, with so many entries a group on the average (load). */
/* Groups that a chain has besides its first, on the average: one more for each `slots` entries beyond the
 * first ones. */
double theory_overflow(double load, unsigned slots);
/* Slots that a search for an absent key looks at, on the average: all of each group in its chain, or, when
 * the search stops behind the last entry, the entries and the first slot behind them, which is there unless
 * the chain's last group is full. */
double theory_miss(double load, unsigned slots, int stops_at_rest);
/* Control bytes of full slots are a byte of the hash; those below `least` mean something else, so that a hash
 * byte below it has `least` added.  The share of keys that have a control byte: of least to 2 least - 1 twice
 * that of the others. */
double theory_control(unsigned control, unsigned least);
/* The share of comparisons of two keys' control bytes that are equal by chance. */
double theory_false_positives(unsigned least);

/* n classes counted against what is expected of each; neighbours that expect fewer than 5 are put together.
 * estimated: how many parameters of the theory were taken from the counts.  Returns chi-square; *ret_degrees
 * of freedom may be < 1: then nothing can be said. */
double theory_chi_square(
	const double *counted, const double *expected, int n, int estimated, double *ret_degrees);
/* Probability that chance gives a chi-square of at least x. */
double theory_chi_square_tail(double x, double degrees);

#endif
