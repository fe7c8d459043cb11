package document

func writeContentTypes(p *part) {
	p.in("Types", func() {
		p.empty("Default", "Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml")
		p.empty("Default", "Extension", "xml", "ContentType", "application/xml")
		override := func(name, contentType string) { p.empty("Override", "PartName", name, "ContentType", contentType) }
		override("/word/document.xml", contentTypePrefix+"document.main+xml")
		for _, r := range relations {
			override("/word/"+r.file, contentTypePrefix+r.kind+"+xml")
		}
		override("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
		override("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")
	}, "xmlns", packageSpace+"content-types")
}

func writePackageRelations(p *part) {
	p.in("Relationships", func() {
		p.empty("Relationship", "Id", "rId1", "Type", relationSpace+"/officeDocument", "Target", "word/document.xml")
		p.empty("Relationship", "Id", "rId2", "Type", packageSpace+"relationships/metadata/core-properties", "Target", "docProps/core.xml")
		p.empty("Relationship", "Id", "rId3", "Type", relationSpace+"/extended-properties", "Target", "docProps/app.xml")
	}, "xmlns", packageSpace+"relationships")
}

func writeRelations(p *part) {
	p.in("Relationships", func() {
		for _, r := range relations {
			p.empty("Relationship", "Id", r.id, "Type", relationSpace+"/"+r.kind, "Target", r.file)
		}
	}, "xmlns", packageSpace+"relationships")
}

// writeCore writes the properties of the file: its title and day, and nobody's name.
func (d *Document) writeCore(p *part) {
	p.in("cp:coreProperties", func() {
		p.leaf("dc:title", flat(d.Title))
		p.leaf("dc:language", "zh-CN")
		if d.Date != 0 {
			p.leaf("dcterms:created", d.Date.String()+"T00:00:00Z", "xsi:type", "dcterms:W3CDTF")
		}
	}, "xmlns:cp", packageSpace+"metadata/core-properties", "xmlns:dc", dublinCoreSpace,
		"xmlns:dcterms", dublinTermsSpace, "xmlns:xsi", schemaInstance)
}

func writeApp(p *part) {
	p.in("Properties", func() { p.leaf("Application", "Sundial") }, "xmlns", propertiesSpace)
}

// writeSettings writes what holds for the whole: odd and even pages differ, the grid is
// followed as it stands, lines that were broken by hand are not stretched.
func writeSettings(p *part) {
	p.in("w:settings", func() {
		p.empty("w:zoom", "w:percent", "100")
		p.empty("w:defaultTabStop", "w:val", "420")
		p.empty("w:evenAndOddHeaders")
		p.empty("w:characterSpacingControl", "w:val", "doNotCompress")
		p.in("w:compat", func() {
			p.empty("w:balanceSingleByteDoubleByteWidth")
			p.empty("w:doNotExpandShiftReturn")
			p.empty("w:compatSetting", "w:name", "compatibilityMode", "w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15")
		})
		p.empty("w:themeFontLang", "w:val", "en-US", "w:eastAsia", "zh-CN")
	}, "xmlns:w", wordSpace)
}
