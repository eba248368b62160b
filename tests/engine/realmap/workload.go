package main

// The workload language: words, directives, and carrying them out.

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unsafe"
)

// errSkip wraps what the real runtime of this toolchain cannot be asked to do.
var errSkip = errors.New("cannot be compared")

type word struct {
	text   string
	quoted bool
}

// splitWords cuts a line at blanks; a `#` outside quotes ends it.
func splitWords(line string) ([]word, error) {
	var words []word
	for {
		line = strings.TrimLeft(line, " \t\r")
		if line == "" || line[0] == '#' {
			return words, nil
		}
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil, errors.New("bad quoted word")
			}
			text, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, errors.New("bad quoted word")
			}
			words = append(words, word{text, true})
			line = line[len(quoted):]
			continue
		}
		end := strings.IndexAny(line, " \t\r#")
		if end < 0 {
			end = len(line)
		}
		words = append(words, word{text: line[:end]})
		line = line[end:]
	}
}

type mapDecl struct {
	name        string
	key, elem   *valueType
	seed        uint64
	hint        int
	stack, aes  bool
	isNil       bool
	isSync      bool
	goRelease   string
	unsupported string
}

func parseMapDecl(args []word, kind string) (*mapDecl, error) {
	if len(args) < 2 {
		return nil, errors.New("want a key and an elem type")
	}
	d := &mapDecl{name: "m", seed: 1, goRelease: "1.23",
		isNil: kind == "nilmap", isSync: kind == "syncmap"}
	if d.key = parseType(args[0].text); d.key == nil {
		return nil, fmt.Errorf("no type %q", args[0].text)
	}
	if d.elem = parseType(args[1].text); d.elem == nil {
		return nil, fmt.Errorf("no type %q", args[1].text)
	}
	for _, a := range args[2:] {
		if err := d.option(a.text); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *mapDecl) option(s string) (err error) {
	eq := strings.IndexByte(s, '=')
	if eq < 0 {
		return fmt.Errorf("want option=value, not %q", s)
	}
	value := s[eq+1:]
	switch s[:eq] {
	case "name":
		d.name = value
	case "seed":
		d.seed, err = strconv.ParseUint(value, 0, 64)
	case "hint":
		d.hint, err = strconv.Atoi(value)
	case "go":
		d.goRelease = value
	case "arch":
		if value != "amd64" {
			d.unsupported = s
		}
	case "place":
		d.stack = value == "stack"
	case "hash":
		d.aes = value == "aes"
		if value != "aes" && value != "mem" {
			d.unsupported = s
		}
	default:
		return fmt.Errorf("no option %q", s)
	}
	return err
}

// runner carries a workload out and writes the dumps that were asked for.
type runner struct {
	out        io.Writer
	release    string // of this toolchain
	anyRelease bool
	dumpAll    bool
	stopAt     int    // 0, or the operation to dump and stop at
	only       string // dump this map instead of the one worked on

	maps    map[string]*workMap
	iters   map[string]*mapIter
	current *workMap
	op      int
	buf     []byte
}

var errStopped = errors.New("stopped at the operation asked for")

// run returns nil, an error of the workload, or one that wraps errSkip.
func (r *runner) run(text string) error {
	r.maps = map[string]*workMap{}
	r.iters = map[string]*mapIter{}
	for n, line := range strings.Split(text, "\n") {
		words, err := splitWords(line)
		if err == nil && len(words) > 0 {
			err = r.directive(words[0].text, words[1:])
		}
		if err == errStopped {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if r.stopAt > 0 {
		return fmt.Errorf("there is no operation %d", r.stopAt)
	}
	if !r.dumpAll {
		r.dump(r.current)
	}
	return r.flush(0)
}

func (r *runner) flush(limit int) error {
	if len(r.buf) <= limit {
		return nil
	}
	_, err := r.out.Write(r.buf)
	r.buf = r.buf[:0]
	return err
}

func (r *runner) dump(m *workMap) {
	if r.only != "" {
		m = r.maps[r.only]
	}
	if m != nil {
		r.buf = m.dump(r.buf)
	}
}

// done ends one operation on map m.
func (r *runner) done(m *workMap) error {
	r.op++
	if theLog != nil {
		theLog.print(strconv.Itoa(r.op))
	}
	if r.dumpAll {
		r.buf = appendField(r.buf, "op ", uint64(r.op))
		r.buf = append(r.buf, '\n')
		r.dump(m)
		return r.flush(1 << 20)
	}
	if r.op == r.stopAt {
		r.dump(m)
		if err := r.flush(0); err != nil {
			return err
		}
		return errStopped
	}
	return nil
}

func (r *runner) directive(name string, args []word) error {
	switch name {
	case "map", "nilmap", "syncmap":
		return r.makeMap(args, name)
	case "say":
		return nil
	case "race":
		return fmt.Errorf("race %w on the real runtime: it ends the process", errSkip)
	}
	if r.current == nil {
		return errors.New("no map yet")
	}
	switch name {
	case "use":
		if len(args) != 1 || r.maps[args[0].text] == nil {
			return errors.New("use: no such map")
		}
		r.current = r.maps[args[0].text]
		return nil
	case "put", "get", "del":
		return r.single(name, args)
	case "fill", "probe", "drain":
		return r.many(name, args)
	case "loadorstore", "loadanddelete", "swap", "cas", "cad":
		return r.syncSingle(name, args)
	case "clear":
		if r.current.sync != nil {
			return r.syncClear()
		}
		r.current.clear()
		return r.done(r.current)
	case "gc": // the collector stays off, and shows nowhere in the layout
		return r.done(r.current)
	case "iter":
		if len(args) != 1 {
			return errors.New("iter: want a name")
		}
		r.iters[args[0].text] = r.current.startIter()
		return r.done(r.current)
	case "next":
		return r.next(args)
	case "range":
		if r.current.sync != nil {
			return r.syncRange()
		}
		r.steps(r.current.startIter(), -1)
		return r.done(r.current)
	}
	return fmt.Errorf("no directive %q", name)
}

func (r *runner) makeMap(args []word, kind string) error {
	d, err := parseMapDecl(args, kind)
	if err != nil {
		return err
	}
	if d.unsupported != "" {
		return fmt.Errorf("%s %w", d.unsupported, errSkip)
	}
	if !d.isNil && !r.anyRelease && d.goRelease != r.release {
		return fmt.Errorf("go=%s %w: this is Go %s", d.goRelease, errSkip, r.release)
	}
	r.current = newMap(d)
	theLog.print("make")
	r.maps[d.name] = r.current
	return nil
}

func (r *runner) single(name string, args []word) error {
	m := r.current
	want := 1
	if name == "put" {
		want = 2
	}
	if len(args) != want {
		return fmt.Errorf("%s: want %d words", name, want)
	}
	if err := m.key.store(m.kbuf, args[0]); err != nil {
		return err
	}
	if name == "put" {
		if err := m.elem.store(m.ebuf, args[1]); err != nil {
			return err
		}
	}
	return r.operate(name)
}

func (r *runner) many(name string, args []word) error {
	if len(args) != 2 {
		return fmt.Errorf("%s: want LO HI", name)
	}
	lo, err := strconv.ParseInt(args[0].text, 0, 64)
	if err != nil {
		return err
	}
	hi, err := strconv.ParseInt(args[1].text, 0, 64)
	if err != nil {
		return err
	}
	single := map[string]string{"fill": "put", "probe": "get", "drain": "del"}[name]
	m := r.current
	for i := lo; i < hi; i++ {
		m.key.storeElement(m.kbuf, i, "k")
		m.elem.storeElement(m.ebuf, i, "v")
		if err := r.operate(single); err != nil {
			return err
		}
	}
	return nil
}

// operate does one put, get or del of the operands in the map's buffers.
func (r *runner) operate(name string) error {
	m := r.current
	if m.sync != nil {
		return r.syncOperation(name, nil)
	}
	switch name {
	case "put":
		m.put()
	case "del":
		m.del()
	case "get":
		elem, panicked := m.get()
		if r.dumpAll && !panicked {
			r.got(m, elem)
		}
	}
	return r.done(m)
}

func (r *runner) got(m *workMap, elem unsafe.Pointer) {
	if elem != nil {
		r.buf = append(r.buf, "got true "...)
	} else {
		r.buf = append(r.buf, "got false "...)
		elem = unsafe.Pointer(&make([]unsafe.Pointer, m.elem.size/8+1)[0])
	}
	r.buf = appendValue(r.buf, m.elem, elem)
	r.buf = append(r.buf, '\n')
}

func (r *runner) next(args []word) error {
	if len(args) < 1 || len(args) > 2 || r.iters[args[0].text] == nil {
		return errors.New("next: no such iterator")
	}
	count := 1
	if len(args) == 2 {
		if args[1].text == "all" {
			count = -1
		} else if n, err := strconv.Atoi(args[1].text); err == nil && n >= 0 {
			count = n
		} else {
			return errors.New("next: want a count or all")
		}
	}
	l := r.iters[args[0].text]
	r.steps(l, count)
	return r.done(l.m)
}

// steps takes up to count items, all of them when it is negative.
func (r *runner) steps(l *mapIter, count int) {
	for ; count != 0; count-- {
		more := l.step()
		if r.dumpAll && !more {
			r.buf = append(r.buf, "end\n"...)
		}
		if !more {
			return
		}
		if r.dumpAll {
			r.buf = append(r.buf, "item "...)
			r.buf = appendValue(r.buf, l.m.key, l.it.key)
			r.buf = append(r.buf, ' ')
			r.buf = appendValue(r.buf, l.m.elem, l.it.elem)
			r.buf = append(r.buf, '\n')
		}
	}
}
