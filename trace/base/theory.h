/* What chance alone would do: Poisson's law and the chi-square test, for labs and views.
 */
#ifndef TRACE_THEORY_H
#define TRACE_THEORY_H

/* Probability of k when mean are to be expected; of more than k. */
double theory_poisson(double mean, unsigned k);
double theory_poisson_over(double mean, unsigned k);
/* Overflow buckets that a chain has on the average: one more for each 8 entries beyond 8. */
double theory_overflow(double load);
/* Slots that a search for an absent key looks at, on the average: all of each bucket in its chain, or, when the function
 * stops at emptyRest, the entries and the first emptyRest, which is there unless the chain's last bucket is full. */
double theory_miss(double load, int stops_at_rest);
/* The share of keys that a tophash has: 5 to 9 have twice that of the others, 0 to 4 none. */
double theory_tophash(unsigned top);
/* The share of comparisons of two keys' tophashes that are equal by chance. */
double theory_false_positives(void);

/* n classes counted against what is expected of each; neighbours that expect fewer than 5 are put together.  estimated: how
 * many parameters of the theory were taken from the counts.  Returns chi-square; *ret_degrees of freedom may be < 1: then
 * nothing can be said. */
double theory_chi_square(const double *counted, const double *expected, int n, int estimated, double *ret_degrees);
/* Probability that chance gives a chi-square of at least x. */
double theory_chi_square_tail(double x, double degrees);

#endif
