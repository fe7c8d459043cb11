package scoring

// Problem is what is wrong with an entry; Key and Args name the message.
type Problem struct {
	Key  string
	Args map[string]any
}

// problem makes a Problem; pairs are names and values of the message's arguments.
func problem(key string, pairs ...any) *Problem {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return &Problem{Key: key, Args: args}
}
