// realmap runs a mapscope workload on the map of the Go runtime it was built
// with, and prints the memory of that map in mapscope's layout format: the other
// side of the comparison that proves the C engine.
//
//	realmap [--op N|all] [--map NAME] [--any-release] FILE
//	realmap --batch [...] FILE...    writes FILE.real for each FILE, and on
//	    stdout "ok FILE OPERATIONS BYTES", "skip FILE WHY" or "bad FILE WHY"
//	realmap --heap FILE, --alloc     where the allocator puts things; see heap.go
//	realmap --log FILE               what each operation allocates; see log.go
//	realmap --release                prints the toolchain's release, as 1.19
//
// Exit status: 0 done, 1 a file cannot be read or written, 2 a wrong command
// line or workload, 3 a workload that this runtime cannot be asked to run (race,
// another release, another architecture). In a batch the last two are "bad" and
// "skip": they leave no FILE.real, and the batch goes on.
//
// Nothing else may draw from a map's random stream and no memory may move into
// other hands, so the collector is off, except between two workloads.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

type options struct {
	op         string
	only       string
	batch      bool
	release    bool
	anyRelease bool
	heap       bool
	alloc      bool
	log        bool
	files      []string
}

func parseOptions(args []string) (*options, error) {
	o := &options{}
	for i := 0; i < len(args); i++ {
		switch a := args[i]; a {
		case "--op", "--map":
			i++
			if i == len(args) {
				return nil, errors.New(a + " wants a value")
			}
			if a == "--op" {
				o.op = args[i]
			} else {
				o.only = args[i]
			}
		case "--batch":
			o.batch = true
		case "--heap":
			o.heap = true
		case "--alloc":
			o.alloc = true
		case "--log":
			o.log = true
		case "--release":
			o.release = true
		case "--any-release":
			o.anyRelease = true
		default:
			if strings.HasPrefix(a, "-") {
				return nil, errors.New("no option " + a)
			}
			o.files = append(o.files, a)
		}
	}
	if !o.release && !o.alloc && !o.batch && len(o.files) != 1 {
		return nil, errors.New("want one file")
	}
	return o, nil
}

// toolchain gives "1.19" for go1.19.8.
func toolchain() string {
	v := strings.TrimPrefix(runtime.Version(), "go")
	if parts := strings.SplitN(v, ".", 3); len(parts) == 3 {
		v = parts[0] + "." + parts[1]
	}
	return strings.SplitN(v, " ", 2)[0]
}

// runFile gives the number of operations carried out.
func (o *options) runFile(file string, out io.Writer) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	r := &runner{out: out, release: toolchain(), anyRelease: o.anyRelease, only: o.only}
	if o.op == "all" {
		r.dumpAll = true
	} else if o.op != "" {
		if r.stopAt, err = strconv.Atoi(o.op); err != nil || r.stopAt < 1 {
			return 0, errors.New("--op wants a number or all")
		}
	}
	if o.heap || o.log {
		r.out = io.Discard
	}
	if o.log {
		theLog = &opLog{out: out, blocks: map[uintptr]int{}}
	}
	if err = r.run(string(text)); err == nil && o.heap {
		r.printHeaps(out)
	}
	return r.op, err
}

// runBatch writes every dump beside its workload.
func (o *options) runBatch() int {
	for _, file := range o.files {
		if err := o.runToFile(file); err != nil {
			fmt.Fprintln(os.Stderr, "realmap:", err)
			return 1
		}
		collectIfLarge()
	}
	return 0
}

// runToFile fails only when a file cannot be read or written.
func (o *options) runToFile(file string) error {
	name := file + ".real"
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	ops, err := o.runFile(file, out)
	if err == nil {
		size, err := out.Seek(0, io.SeekCurrent)
		fmt.Printf("ok %s %d %d\n", file, ops, size)
		return err
	}
	os.Remove(name)
	if isPathError(err) {
		return err
	}
	verdict := "bad"
	if errors.Is(err, errSkip) {
		verdict = "skip"
	}
	fmt.Printf("%s %s %v\n", verdict, file, err)
	return nil
}

func isPathError(err error) bool {
	var p *os.PathError
	return errors.As(err, &p)
}

// collectIfLarge frees the maps of finished workloads.
func collectIfLarge() {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	if s.HeapAlloc > 256<<20 {
		runtime.GC()
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	runtime.MemProfileRate = 0
	debug.SetGCPercent(-1)
	o, err := parseOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "realmap:", err)
		os.Exit(2)
	}
	if o.release {
		fmt.Println(toolchain())
		return
	}
	if o.batch {
		os.Exit(o.runBatch())
	}
	out := bufio.NewWriter(os.Stdout)
	if o.alloc {
		allocations(out)
		out.Flush()
		return
	}
	_, err = o.runFile(o.files[0], out)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "realmap: %s: %v\n", o.files[0], err)
	switch {
	case errors.Is(err, errSkip):
		os.Exit(3)
	case isPathError(err):
		os.Exit(1)
	}
	os.Exit(2)
}
