/* Poisson, chi-square; see theory.h. */
#include "trace/base/theory.h"

#include <math.h>

double theory_poisson(double mean, unsigned k)
{
	return mean <= 0 ? k == 0 : exp(k * log(mean) - mean - lgamma(k + 1.0));
}

double theory_poisson_over(double mean, unsigned k)
{
	double sum = 0,
	       term = theory_poisson(
		       mean, k + 1); /* from the small end: 1 - the others would lose the digits */
	for (unsigned i = k + 1; term > 1e-300 && (i < mean || term > sum * 1e-16); i++) {
		sum += term;
		term *= mean / (i + 1.0);
	}
	return sum;
}

double theory_overflow(double load, unsigned slots)
{
	double sum = 0;
	for (unsigned k = 1; k < 10; k++)
		sum += theory_poisson_over(load, slots * k);
	return sum;
}

double theory_miss(double load, unsigned slots, int stops_at_rest)
{
	double full = 0;
	for (unsigned k = 1; k < 10; k++)
		full += theory_poisson(load, slots * k);
	return stops_at_rest ? load + 1 - full : slots * (1 + theory_overflow(load, slots));
}

double theory_control(unsigned control, unsigned least)
{
	return control < least ? 0 : control < 2 * least ? 2 / 256.0 : 1 / 256.0;
}

double theory_false_positives(unsigned least)
{
	double sum = 0;
	for (unsigned control = 0; control < 256; control++)
		sum += theory_control(control, least) * theory_control(control, least);
	return sum;
}

double theory_chi_square(
	const double *counted, const double *expected, int n, int estimated, double *ret_degrees)
{
	enum { LEAST = 5 };
	double sum = 0, seen = 0, wanted = 0, left = 0;
	int classes = 0;
	for (int i = 0; i < n; i++)
		left += expected[i];
	for (int i = 0; i < n; i++) {
		seen += counted[i];
		wanted += expected[i];
		left -= expected[i];
		if (i + 1 < n && (wanted < LEAST || left < LEAST))
			continue;
		if (wanted > 0) {
			sum += (seen - wanted) * (seen - wanted) / wanted;
			classes++;
		} else if (seen > 0) {
			sum = INFINITY;
		}
		seen = wanted = 0;
	}
	*ret_degrees = classes - 1 - estimated;
	return sum;
}

/* The upper incomplete gamma function over gamma: a series below a + 1, a continued fraction (Lentz) above.
 */
double theory_chi_square_tail(double x, double degrees)
{
	double a = degrees / 2, y = x / 2;
	if (!(y > 0))
		return 1;
	if (isinf(y))
		return 0;
	double front = exp(a * log(y) - y - lgamma(a));
	if (y < a + 1) {
		double term = 1 / a, sum = term;
		for (int n = 1; n < 10000 && term > sum * 1e-15; n++) {
			term *= y / (a + n);
			sum += term;
		}
		return 1 - front * sum;
	}
	double b = y + 1 - a, c = 1e300, d = 1 / b, h = d;
	for (int n = 1; n < 10000; n++) {
		double an = -n * (n - a);
		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		h *= d * c;
		if (fabs(d * c - 1) < 1e-15)
			break;
	}
	return front * h;
}
