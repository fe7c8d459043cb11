package training

import "strings"

// idWeights and idChecks are those of GB 11643: the last character of an ID
// number is the check of the seventeen before it.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const idChecks = "10X98765432"

// normalID returns the number of an ID card as it is hashed, and whether it is
// one: seventeen digits and their check, GB 11643.
func normalID(text string) (string, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) != len(idWeights)+1 {
		return "", false
	}
	sum := 0
	for i, weight := range idWeights {
		if text[i] < '0' || text[i] > '9' {
			return "", false
		}
		sum += weight * int(text[i]-'0')
	}
	return text, text[len(idWeights)] == idChecks[sum%len(idChecks)]
}

// idTail is what is kept of the number so that people can tell two of one name
// apart.
func idTail(number string) string { return number[len(number)-4:] }
