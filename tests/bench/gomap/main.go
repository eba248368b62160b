// The anchor of `make bench`: Go's own map, doing what bench_engine.c does with the silent engine.
// Prints one line a measurement: operation, key type, size, nanoseconds an operation.
package main

import (
	"fmt"
	"runtime"
	"strconv"
	"time"
)

var sink int64

const total = 1000000 // operations a measurement: small maps are filled many times

func report(op, key string, n int, d time.Duration, count int) {
	fmt.Printf("%s %s %d %.3f\n", op, key, n, float64(d.Nanoseconds())/float64(count))
}

func ints(n int) {
	rounds := total / n
	var m map[int64]int64
	runtime.GC()
	start := time.Now()
	for r := 0; r < rounds; r++ {
		m = make(map[int64]int64)
		for i := 0; i < n; i++ {
			m[int64(i)] = int64(i)
		}
	}
	report("insert", "int64", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for i := 0; i < n; i++ {
			sink += m[int64(i)]
		}
	}
	report("hit", "int64", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for i := n; i < 2*n; i++ {
			sink += m[int64(i)]
		}
	}
	report("miss", "int64", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for k, v := range m {
			sink += k + v
		}
	}
	report("iterate", "int64", n, time.Since(start), rounds*n)
	var spent time.Duration
	for r := 0; r < rounds; r++ {
		for i := 0; i < n; i++ {
			m[int64(i)] = int64(i)
		}
		start = time.Now()
		for i := 0; i < n; i++ {
			delete(m, int64(i))
		}
		spent += time.Since(start)
	}
	report("delete", "int64", n, spent, rounds*n)
}

// Keys as a program has them that did not get them from the map: equal texts in other memory.
func texts(from, n int) []string {
	var b []byte
	for i := from; i < from+n; i++ {
		b = append(b, "key-"+strconv.Itoa(i)...)
	}
	all, at := string(b), 0
	s := make([]string, n)
	for i := range s {
		l := 4 + len(strconv.Itoa(from+i))
		s[i] = all[at : at+l]
		at += l
	}
	return s
}

func strings(n int) {
	rounds := total / n
	keys, same, other := texts(0, n), texts(0, n), texts(n, n)
	var m map[string]int64
	runtime.GC()
	start := time.Now()
	for r := 0; r < rounds; r++ {
		m = make(map[string]int64)
		for i, k := range keys {
			m[k] = int64(i)
		}
	}
	report("insert", "string", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for _, k := range same {
			sink += m[k]
		}
	}
	report("hit", "string", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for _, k := range other {
			sink += m[k]
		}
	}
	report("miss", "string", n, time.Since(start), rounds*n)
	start = time.Now()
	for r := 0; r < rounds; r++ {
		for k, v := range m {
			sink += int64(len(k)) + v
		}
	}
	report("iterate", "string", n, time.Since(start), rounds*n)
	var spent time.Duration
	for r := 0; r < rounds; r++ {
		for i, k := range keys {
			m[k] = int64(i)
		}
		start = time.Now()
		for _, k := range same {
			delete(m, k)
		}
		spent += time.Since(start)
	}
	report("delete", "string", n, spent, rounds*n)
}

func main() {
	for _, n := range []int{10000, 1000000} {
		ints(n)
		strings(n)
	}
}
