// The stacks that real Go allocates with, for tests/command/pprof.sh, which has the same as a workload.
// It prints "OBJECTS FUNCTION;FUNCTION;..." for each stack, innermost first, up to main.put, main.get, ...
//
// A line that begins with //1.20 or so is there from that release on: pprof.sh takes the mark away.

package main

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
)

//go:noinline
func put(m *sync.Map, k, v int64) { m.Store(k, v) }

//go:noinline
func get(m *sync.Map, k int64) { m.Load(k) }

//go:noinline
func del(m *sync.Map, k int64) { m.Delete(k) }

//go:noinline
func loadorstore(m *sync.Map, k, v int64) { m.LoadOrStore(k, v) }

//go:noinline
func loadanddelete(m *sync.Map, k int64) { m.LoadAndDelete(k) }

//go:noinline
func range_(m *sync.Map) { m.Range(func(k, v any) bool { return true }) }

//1.20 //go:noinline
//1.20 func swap(m *sync.Map, k, v int64) { m.Swap(k, v) }
//1.20 //go:noinline
//1.20 func cas(m *sync.Map, k, old, new int64) { m.CompareAndSwap(k, old, new) }
//1.20 //go:noinline
//1.20 func cad(m *sync.Map, k, old int64) { m.CompareAndDelete(k, old) }
//1.23 //go:noinline
//1.23 func clear_(m *sync.Map) { m.Clear() }

var (
	i16  = int16(3000)
	f32  = float32(2)
	f64  = 2.5
	c64  = complex64(3 + 4i)
	c128 = 3 + 4i
	text = "text"
	none = []int{}
	kept *sync.Map
	box  = map[any]any{}
)

//go:noinline
func makeMap() { kept = new(sync.Map) }

//go:noinline
func boxes() {
	box[i16] = c64
	box[f32] = c128
	box[f64] = text
	box[c64] = none
	box[c128] = i16
	box[text] = f32
}

// Which function converts a value stands in what the compiler makes of these.
//
//go:noinline
func of_int16() any { return i16 }

//go:noinline
func of_float32() any { return f32 }

//go:noinline
func of_float64() any { return f64 }

//go:noinline
func of_complex64() any { return c64 }

//go:noinline
func of_complex128() any { return c128 }

//go:noinline
func of_string() any { return text }

//go:noinline
func of_slice() any { return none }

func main() {
	runtime.MemProfileRate = 1
	makeMap()
	m := kept
	for i := int64(1000); i < 1060; i++ {
		put(m, i, i)
	}
	for i := int64(1000); i < 1070; i++ {
		get(m, i)
	}
	for i := int64(1000); i < 1010; i++ {
		del(m, i)
	}
	for i := int64(1000); i < 1080; i++ {
		loadorstore(m, i, i)
	}
	for i := int64(1000); i < 1010; i++ {
		put(m, i, i+5000)
	}
	range_(m)
	range_(m)
	for i := int64(1020); i < 1030; i++ {
		loadanddelete(m, i)
	}
	put(m, 2000, 3000)
	put(m, 1021, 3000)
	for i := int64(0); i < 100; i++ {
		loadanddelete(m, 5000)
	}
	put(m, 2001, 3000)
	for i := int64(0); i < 100; i++ {
		del(m, 5000)
	}
	//1.20 swap(m, 1000, 9000)
	//1.20 swap(m, 4000, 9000)
	//1.20 cas(m, 1000, 9000, 9001)
	//1.20 cas(m, 1000, 9000, 9002)
	//1.20 cas(m, 4000, 9000, 9003)
	//1.20 for i := int64(0); i < 100; i++ {
	//1.20 	cad(m, 5000, 1)
	//1.20 }
	//1.20 put(m, 4001, 9000)
	//1.20 for i := int64(0); i < 100; i++ {
	//1.20 	cas(m, 4001, 9000, 9000)
	//1.20 }
	//1.23 clear_(m)
	//1.23 put(m, 1000, 1000)
	boxes()
	runtime.GC()
	runtime.GC()
	runtime.MemProfileRate = 0
	show()
	kept.Store(of_int16(), []any{of_float32(), of_float64(), of_complex64(), of_complex128(), of_string(), of_slice()})
}

func show() {
	records := make([]runtime.MemProfileRecord, 5000)
	n, _ := runtime.MemProfile(records, true)
	objects := map[string]int64{}
	for _, r := range records[:n] {
		var names []string
		frames := runtime.CallersFrames(r.Stack())
		for {
			f, more := frames.Next()
			names = append(names, f.Function)
			if strings.HasPrefix(f.Function, "main.") && f.Function != "main.main" {
				objects[strings.Join(names, ";")] += r.AllocObjects
			}
			if !more || strings.HasPrefix(f.Function, "main.") {
				break
			}
		}
	}
	var lines []string
	for stack, n := range objects {
		lines = append(lines, fmt.Sprint(n, " ", stack))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
