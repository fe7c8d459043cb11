package frontend

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"pgregory.net/rapid"
)

func traditionalOf(t testing.TB) converters {
	t.Helper()
	both, err := newConverters()
	if err != nil {
		t.Fatal(err)
	}
	return both
}

// TestLongestPhraseDecides converts what characters alone would get wrong.
func TestLongestPhraseDecides(t *testing.T) {
	data := traditionalOf(t).data
	for from, want := range map[string]string{
		"":                "",
		"Sundial 2017":    "Sundial 2017",
		"复核申请":            "複核申請",
		"恢复填报":            "恢復填報",
		"回复催办":            "回覆催辦",
		"发布后":             "發布後",
		"皇后":              "皇后",
		"里程碑":             "里程碑",
		"七里河区":            "七里河區",
		"这里":              "這裡",
		"只列本单位":           "只列本單位",
		"一只":              "一隻",
		"领导干部":            "領導幹部",
		"若干措施":            "若干措施",
		"批准":              "批准",
		"标准":              "標準",
		"制定，复制":           "制定，複製",
		"系统、关系、联系":        "系統、關係、聯繫",
		"征求意见":            "徵求意見",
		"历史，日历":           "歷史，日曆",
		"半年签到，审签":         "半年簽到，審簽",
		"台账":              "臺帳",
		"信息公开网站的文件":       "信息公開網站的文件",
		"在“{{.Name}}”里发现": "在“{{.Name}}”裡發現",
		"𠮷从":              "𠮷從",
		"a\xff后":          "a\xff後",
	} {
		if got := data.convert(from); got != want {
			t.Errorf("%s becomes %s, want %s", from, got, want)
		}
	}
}

// pieces are the texts that properties are tried on: all messages and all phrases of
// the table.
func pieces(t testing.TB) []string {
	t.Helper()
	messages, err := loadMessages(files, simplified)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range messages {
		all = append(all, m.Other)
	}
	for _, list := range traditionalOf(t).data.phrases {
		for _, p := range list {
			all = append(all, p.from)
		}
	}
	slices.Sort(all)
	return all
}

// TestConversionTouchesOnlyCharacters tries anything at all: ASCII and invalid bytes
// stay in their places, and no character is lost or added.
func TestConversionTouchesOnlyCharacters(t *testing.T) {
	data, texts := traditionalOf(t).data, pieces(t)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom(texts),
			rapid.SampledFrom([]string{"{{.Count}}", "\xe5", "<b>", "，"}))).Draw(t, "pieces"), "")
		was, is := []rune(text), []rune(data.convert(text))
		if len(was) != len(is) {
			t.Fatalf("%q has %d characters, %q has %d", text, len(was), string(is), len(is))
		}
		for i := range was {
			if was[i] != is[i] && !unicode.Is(unicode.Han, was[i]) {
				t.Fatalf("%q becomes %q", text, string(is))
			}
		}
	})
}

// TestSecondConversionChangesNothing joins texts by what stands between them on
// pages.
func TestSecondConversionChangesNothing(t *testing.T) {
	data, texts := traditionalOf(t).data, pieces(t)
	rapid.Check(t, func(t *rapid.T) {
		between := rapid.SampledFrom([]string{" ", "，", "、", "：", "<td>", "/"}).Draw(t, "between")
		once := data.convert(strings.Join(rapid.SliceOf(rapid.SampledFrom(texts)).Draw(t, "texts"), between))
		if again := data.convert(once); again != once {
			t.Fatalf("%s becomes %s", once, again)
		}
	})
}

// TestTraditionalMessagesAreWhole compares each message with the one it comes from:
// the same forms and arguments, only Chinese characters changed, none simplified
// left.
func TestTraditionalMessagesAreWhole(t *testing.T) {
	catalog, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	messages, err := loadMessages(files, simplified)
	if err != nil {
		t.Fatal(err)
	}
	from, to, convert := catalog.Locale(simplified), catalog.Locale(traditional), traditionalOf(t).messages.convert
	for _, m := range messages {
		args := argumentsOf(m)
		was, is := from.Text(m.ID, args), to.Text(m.ID, args)
		if !to.Has(m.ID) || utf8.RuneCountInString(was) != utf8.RuneCountInString(is) {
			t.Errorf("%s: %q becomes %q", m.ID, was, is)
		}
		if diff := cmp.Diff(argument.FindAllString(m.Other, -1), argument.FindAllString(convert(m.Other), -1)); diff != "" {
			t.Errorf("%s: arguments changed:\n%s", m.ID, diff)
		}
		if again := convert(is); again != is {
			t.Errorf("%s: %q is not yet traditional: %q", m.ID, is, again)
		}
	}
	if missing := catalog.Missing(); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
}

func argumentsOf(m *i18n.Message) map[string]any {
	args := map[string]any{"Count": 3}
	for _, action := range argument.FindAllString(m.Other, -1) {
		for _, match := range argumentName.FindAllStringSubmatch(action, -1) {
			args[match[1]] = 7
		}
	}
	return args
}

// TestLocaleConvertsDataAndKeepsWhatWasTyped renders arguments: texts of the product
// in traditional characters, strings as they are.
func TestLocaleConvertsDataAndKeepsWhatWasTyped(t *testing.T) {
	catalog := newTestCatalog(t, map[string]string{"a.zh-CN.yaml": "x: '登录后由{{.Name}}办理{{.Title}}'", "a.en.yaml": "x: '{{.Name}} {{.Title}}'"})
	args := map[string]any{"Name": "张后里", "Title": title{"听取汇报", "Briefing"}}
	for lang, want := range map[string]string{"zh-CN": "登录后由张后里办理听取汇报", "zh-TW": "登入後由张后里辦理聽取彙報", "en": "张后里 Briefing"} {
		if got := catalog.Locale(lang).Text("x", args); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
	for lang, want := range map[string]string{"zh-CN": "登录后", "zh-TW": "登錄後", "en": "登录后"} {
		if got := catalog.Locale(lang).Chinese("登录后"); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
	if got, want := catalog.Locale("zh-TW").Value([]title{{"发布", "P"}, {"里程", "M"}}), "發布、里程"; got != want {
		t.Errorf("list %s, want %s", got, want)
	}
	if got, want := catalog.Locale("zh-TW").Instant(time.Date(2017, 8, 8, 13, 19, 0, 0, time.UTC)), "2017年8月8日 21:19"; got != want {
		t.Errorf("instant %s, want %s", got, want)
	}
}

func BenchmarkTraditional(b *testing.B) {
	data := traditionalOf(b).data
	const text = "省级行政机关主要负责同志每年至少听取一次政务公开工作汇报，研究部署，并将分管负责同志向社会公布"
	for b.Loop() {
		data.convert(text)
	}
}
