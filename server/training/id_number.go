package training

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

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

// mask stands for all of the number of an ID card but its last four characters.
const mask = "******"

// holdsID tells whether a text has the number of an ID card in it.
func holdsID(text string) bool { return maskNumbers(text) != text }

// maskNumbers masks numbers of ID cards in a text, however they are written: with
// spaces or other separators between the characters, or in wide ones.
func maskNumbers(text string) string {
	if len(text) < len(idWeights)+1 {
		return text
	}
	var masked strings.Builder
	shown := 0 // so much of the text is written, or masked
	characters := idCharacters(text)
	for i := 0; i+len(idWeights) < len(characters); i++ {
		if !unicode.IsDigit(characters[i].is) {
			continue
		}
		var number strings.Builder
		for _, c := range characters[i : i+len(idWeights)+1] {
			number.WriteRune(c.is)
		}
		if normal, ok := normalID(number.String()); ok {
			masked.WriteString(text[shown:max(shown, characters[i].from)] + mask + idTail(normal))
			i += len(idWeights)
			shown = characters[i].to
		}
	}
	return masked.String() + text[shown:]
}

// idCharacter is a character of a text as ID numbers are compared, and the bytes
// where it stands.
type idCharacter struct {
	is       rune
	from, to int
}

// idCharacters are the letters and digits of a text in their plain form.
func idCharacters(text string) []idCharacter {
	list := make([]idCharacter, 0, len(text))
	for at, r := range text {
		end := at + utf8.RuneLen(r)
		if r < utf8.RuneSelf {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				list = append(list, idCharacter{r, at, end})
			}
			continue
		}
		for _, plain := range norm.NFKC.String(string(r)) {
			if unicode.IsLetter(plain) || unicode.IsDigit(plain) {
				list = append(list, idCharacter{plain, at, end})
			}
		}
	}
	return list
}
