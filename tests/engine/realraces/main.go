// realraces says what the real runtime does when an operation meets a map that is being written: the flag hashWriting
// is set by hand, as a put of another goroutine would have, and the operation runs in a process of its own.
//
//	realraces      prints a line "OP ENTRIES WHAT" for every operation and for maps of 0 and 1 entries; WHAT is the
//	               fatal error, or "none"
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"unsafe"
)

const hashWriting = 4

func setWriting(m map[string]int64) {
	flags := (*uint8)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&m)), 8))
	*flags |= hashWriting
}

var sink int64

// wipe is compiled to mapclear, if it is not inlined.
//
//go:noinline
func wipe(m map[string]int64) {
	for k := range m {
		delete(m, k)
	}
}

func operate(op string, m map[string]int64) {
	if op != "next" {
		setWriting(m)
	}
	switch op {
	case "put":
		m["c"] = 3
	case "get":
		sink = m["a"]
	case "del":
		delete(m, "a")
	case "clear":
		wipe(m)
	case "range":
		for _, v := range m {
			sink = v
		}
	case "next": // a loop that has begun: the step after the first item meets the writer
		for range m {
			setWriting(m)
		}
	}
}

func main() {
	if len(os.Args) == 3 {
		m := map[string]int64{"z": 0}
		delete(m, "z")
		if os.Args[2] == "1" {
			m["a"] = 1
		}
		operate(os.Args[1], m)
		return
	}
	for _, op := range []string{"put", "get", "del", "clear", "range", "next"} {
		for n := 0; n < 2; n++ {
			out, err := exec.Command(os.Args[0], op, strconv.Itoa(n)).CombinedOutput()
			what := "none"
			if err != nil {
				what = strings.SplitN(string(out), "\n", 2)[0]
			}
			fmt.Println(op, n, what)
		}
	}
}
