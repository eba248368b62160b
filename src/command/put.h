/* Text from a trace or a workload on stdout, made safe for whoever reads it: a terminal, a JSON or a CSV reader. */
#ifndef SRC_PUT_H
#define SRC_PUT_H

/* Control bytes (C0, DEL, C1 in UTF-8) as \xNN. */
void put_clean(const char *s);
/* In double quotes, with JSON's escapes. */
void put_json(const char *s);
/* In double quotes, as RFC 4180 has it; control bytes as \xNN. */
void put_csv(const char *s);
/* A column's cell: as printf's %*s (negative: at the left), counting columns of the screen, for Chinese takes two each. */
void put_column(int width, const char *text);

#endif
