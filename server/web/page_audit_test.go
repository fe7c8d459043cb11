package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/audit"
	"sundial/server/rules"
)

// log has what happens to a report, an administrator's day, and entries that no
// word is known for.
func (s sample) log() audit.Page {
	user, unit := uint64(7), &s.cities[1]
	entry := func(action, object string, id uint64, changes, detail string) audit.Entry {
		return audit.Entry{Unit: unit, AuditEntry: models.AuditEntry{Strand: 3, Seq: 17, At: sampleNow, UserID: &user, UserName: "王小明", Behalf: unit.Name,
			Via: "browser", Address: "10.0.0.7", Action: action, Object: object, ObjectID: id, UnitID: &unit.ID, Changes: changes, Detail: detail}}
	}
	plan := rules.Text{ZH: "实施方案公布", EN: "Plan published"}
	filed := entry("file", "report", 12, `{"status":[null,"filed"],"version":[null,0]}`,
		`{"duty":41,"evidence":[{"name":"会议纪要.pdf","hash":"ab12"}],"size":2048,"filing":{"on":"2017-06-16","name":"李某","post":"副市长","title":"关于印发实施方案的通知","url":"https://www.example.gov.cn/<plan>","note":"<b>已公布</b>"}}`)
	filed.Duty, filed.Name = 41, plan
	returned := entry("return", "report", 12, `{"status":["filed","returned"],"version":[0,1]}`, `{"duty":41,"reason":"网址打不开。"}`)
	returned.Duty, returned.Name, returned.UserName, returned.Behalf = 41, plan, "李石", "山东省人民政府办公厅"
	extended := entry("extend", "duty", 41, `{"due_on":["2017-06-16","2017-07-01"],"provisional":[false,true],"outcome":["unscheduled","open"],"extended_to":[null,"2017-07-01"],"done_on":[null,null],"value":["",""]}`, `{}`)
	extended.Duty, extended.Name = 41, plan
	signedIn := entry("sign_in", "user", 7, "{}", "{}")
	signedIn.Unit, signedIn.UnitID, signedIn.Behalf = nil, nil, ""
	granted := entry("create", "grant", 3, `{"role":[null,"supervisor"],"unit":[null,"370200"]}`, `{"login":"li","role":"supervisor","unit":"370200"}`)
	granted.UserName, granted.Via, granted.Address, granted.UserID, granted.Behalf = "", "command", "", nil, ""
	settled := entry("settle", "calendar", 0, "{}", `{"duties":12,"last_year":2018}`)
	settled.UserName, settled.Via, settled.Address, settled.Unit, settled.Behalf = "", "", "", nil, ""
	unknown := entry("paint", "fence", 1, `{"colour":["red",{"a":[1]}],"gone":["x",null]}`, `{"long":"`+strings.Repeat("长", 300)+`"}`)
	broken := entry("file", "report", 1, `{"status"`, `<script>alert(1)</script>`)
	return audit.Page{Items: []audit.Entry{filed, returned, extended, signedIn, granted, settled, unknown, broken}, Next: "next"}
}

func auditPages(s sample) []samplePage {
	asked := AuditFilter{Unit: s.cities[1].Code, User: "王", Action: "paint", Object: "report", ID: "12", From: "2017-06-01", Cursor: "here"}
	page := newAuditPage(s.page(), asked, &s.cities[1], s.log())
	page.Units = append([]models.Unit{s.province}, s.cities...)
	none := newAuditPage(s.page(), AuditFilter{}, nil, audit.Page{})
	refused := newAuditPage(s.page(), AuditFilter{ID: "3"}, nil, audit.Page{})
	refused.Refused = Refused{models.InvalidFields([]models.Field{{Name: "id", Key: "audit.id_alone"}}).(*models.Error)}
	return []samplePage{
		{"audit", "audit", page, []string{".audit-list tbody tr:nth-child(8)", ".audit-what a[href='/duties/41']", ".audit-facts details summary", ".audit-facts del", ".pager a[rel=next]",
			".pager a[rel=first]", "select[name=unit] option[selected]", "select[name=action] option[value=paint][selected]", "input[name=id][value='12']"}},
		{"audit-refused", "audit", refused, []string{"input[name=id][value='3'][aria-invalid]", "#audit-id-error"}},
		{"audit-empty", "audit", none, []string{".empty", ".audit-filters"}},
	}
}

func TestLogInWords(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	lines := newAuditPage(s.page(), AuditFilter{}, nil, s.log()).Lines
	type told struct {
		Who, Behalf, Origin, What, Name string
		Facts                           []AuditFact
	}
	var got []told
	for _, line := range lines {
		got = append(got, told{line.Who, line.Behalf, line.Origin, line.Action + " " + line.Object, line.Name, line.Facts})
	}
	want := []told{
		{"王小明", "青岛市", "浏览器、10.0.0.7", "提交 填报 12", "实施方案公布", []AuditFact{{"填报状态", "", "待审核", false}, {"附件", "", "会议纪要.pdf", false}, {"大小", "", "2 KB", false}, {"日期", "", "2017年6月16日", false},
			{"分管负责同志姓名", "", "李某", false}, {"职务", "", "副市长", false}, {"已列入领导工作分工", "", "否", false},
			{"主题", "", "关于印发实施方案的通知", false}, {"网址", "", "https://www.example.gov.cn/<plan>", false}, {"备注", "", "<b>已公布</b>", false}}},
		{"李石", "山东省人民政府办公厅", "浏览器、10.0.0.7", "退回 填报 12", "实施方案公布", []AuditFact{{"填报状态", "待审核", "已退回", true}, {"原因", "", "网址打不开。", false}}},
		{"王小明", "青岛市", "浏览器、10.0.0.7", "批准延期 应办事项 41", "实施方案公布", []AuditFact{{"期限", "2017年6月16日", "2017年7月1日", true},
			{"延期至", "", "2017年7月1日", false}, {"办理结果", "未起算", "待办", true}, {"期限暂定", "否", "是", true}}},
		{"王小明", "", "浏览器、10.0.0.7", "登录 用户 7", "", nil},
		{"命令行", "", "命令行", "建立 授权 3", "", []AuditFact{{"角色", "", "主管办公室", false}, {"单位", "", "青岛市（370200）", false}, {"用户名", "", "li", false}}},
		{"系统", "", "", "确定期限 日历", "", []AuditFact{{"应办事项数", "", "12", false}, {"放假安排至", "", "2018", false}}},
		{"王小明", "青岛市", "浏览器、10.0.0.7", "paint fence 1", "", []AuditFact{{"colour", "red", `{"a":[1]}`, true}, {"gone", "x", "无", true},
			{"long", "", strings.Repeat("长", 200) + "…", false}}},
		{"王小明", "青岛市", "浏览器、10.0.0.7", "提交 填报 1", "", []AuditFact{{"变化", "", `{"status"`, false}, {"内容", "", "<script>alert(1)</script>", false}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What the program records has words in both languages and is offered as a filter.
func TestWhatIsRecordedHasWords(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	recorded := map[string][]string{"action": nil, "object": nil}
	literal := regexp.MustCompile(`(action|object): +"([a-z_-]+)"`)
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range literal.FindAllStringSubmatch(string(source), -1) {
			recorded[match[1]] = append(recorded[match[1]], match[2])
		}
	}
	for kind, offered := range map[string][]string{"action": auditActions, "object": auditObjects} {
		if len(recorded[kind]) < 10 {
			t.Errorf("only the %ss %v are found in the sources", kind, recorded[kind])
		}
		for _, word := range append(slices.Clone(offered), recorded[kind]...) {
			if !slices.Contains(offered, word) {
				t.Errorf("the %s %s is recorded and not offered as a filter", kind, word)
			}
			for _, lang := range frontend.Languages {
				if !catalog.Locale(lang).Has("audit." + kind + "." + word) {
					t.Errorf("the %s %s has no word in %s", kind, word, lang)
				}
			}
		}
	}
}

// What the log tells of a field has a label in both languages.
func TestRecordedFieldsHaveLabels(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	record := regexp.MustCompile(`(?s)map\[string\]any\{(.*?)\}|detail\[("[a-z_]+")\]`)
	named := regexp.MustCompile(`"([a-z_]+)"`)
	found := 0
	for _, area := range []string{"compliance", "organization"} {
		files, err := filepath.Glob("../" + area + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, match := range record.FindAllStringSubmatch(string(source), -1) {
				for _, name := range named.FindAllStringSubmatch(match[1]+match[2], -1) {
					if found++; slices.Contains(silent, name[1]) || name[1] == "filing" {
						continue
					}
					for _, lang := range frontend.Languages {
						if !catalog.Locale(lang).Has("audit.field." + name[1]) {
							t.Errorf("%s: the field %s has no label in %s", file, name[1], lang)
						}
					}
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d fields are found in the sources", found)
	}
}
