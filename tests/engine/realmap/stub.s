// No code: this file lets the package declare functions without a body, whose
// bodies are in _runtime/hook.go.
