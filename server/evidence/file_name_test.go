package evidence

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCleanName(t *testing.T) {
	long := strings.Repeat("长", 300)
	for _, c := range []struct{ given, want string }{
		{"", "evidence"},
		{"..", "evidence"},
		{" \u3000. ", "evidence"},
		{".pdf", "evidence.pdf"},
		{"../../etc/passwd", "passwd"},
		{"a/b/", "evidence"},
		{`C:\报送\方案.docx`, "方案.docx"},
		{"方\x00案\r\n\t.pdf", "方案.pdf"},
		{"方案\u202Efdp.exe", "方案fdp.exe"},
		{"方案\u2066\u200B\uFEFF\u2028.pdf", "方案.pdf"},
		{"\xFF\xFE方案.pdf", "\uFFFD方案.pdf"},
		{"方案.pdf . ", "方案.pdf"},
		{long + ".xlsx", long[:195*3] + ".xlsx"},
		{long, long[:200*3]},
		{"a." + long, "a." + long[:198*3]},
		{"《实施方案》（２０１７）：终稿 “附件”.PDF", "《实施方案》（２０１７）：终稿 “附件”.PDF"},
		{"a<b>:?*|\".png", "a<b>:?*|\".png"},
	} {
		if got := CleanName(c.given); got != c.want {
			t.Errorf("CleanName(%q) = %q, want %q", c.given, got, c.want)
		}
	}
}

func TestCleanNameIsCleanAlready(t *testing.T) {
	part := rapid.SampledFrom([]string{".", " ", "/", "\\", "a", "文", "\u202E", "\x00", "\xFF", ".pdf", strings.Repeat("b", 90)})
	rapid.Check(t, func(r *rapid.T) {
		name := CleanName(strings.Join(rapid.SliceOf(part).Draw(r, "name"), ""))
		if name == "" || utf8.RuneCountInString(name) > maxName || CleanName(name) != name {
			r.Fatalf("%q", name)
		}
	})
}
