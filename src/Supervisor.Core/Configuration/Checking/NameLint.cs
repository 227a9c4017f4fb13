using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Sections and options that nobody reads: Python Supervisor passes over them in silence.</summary>
internal static class NameLint
{
    public static void Check(LoadContext load)
    {
        foreach (var section in load.Document.Sections)
        {
            if (ConfigSchema.Find(section.Name) is not { } schema)
            {
                load.Findings!.Warning($"unknown section [{section.Name}], ignored{SimilarSection(section.Name)}", section.Name);
                continue;
            }

            // A value of [DEFAULT] belongs to every section and is not looked for in each.
            foreach (var (option, value) in section.Options.Where(o => !schema.IsOpen && schema.Find(o.Key) is null))
            {
                // The pre-pass of an include copies defaults into sections; they keep their place.
                if (load.Document.Defaults.Find(option) is { } inherited && inherited.Line == value.Line && inherited.File == value.File)
                {
                    continue;
                }

                load.Findings!.Warning($"unknown option, ignored{SimilarOption(option, schema)}", section.Name, option);
            }
        }
    }

    private static string SimilarSection(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? (name, "") : (name[..colon], name[colon..]);
        var known = ConfigSchema.Sections.Select(s => s.Prefix.TrimEnd(':')).ToList();
        // [program] and [program x] lack their colon rather than being misspelt.
        var word = kind.Split(' ', 2);
        if (known.Contains(word[0]) && ConfigSchema.Sections.Any(s => s.Prefix == word[0] + ":"))
        {
            return $"; did you mean [{word[0]}:{(word.Length > 1 ? word[1].Trim() : "name")}]?";
        }

        return Similar.To(kind, known) is { } similar ? $"; did you mean [{similar}{rest}]?" : "";
    }

    private static string SimilarOption(string option, SectionSchema schema)
    {
        if (Similar.To(option, schema.Entries.Select(e => e.Row.Name)) is { } similar)
        {
            return $"; did you mean {similar}?";
        }

        var elsewhere = ConfigSchema.Sections.Where(s => s.Find(option) is not null).Select(s => $"[{s.Title}]").ToList();
        return elsewhere.Count > 0 ? $"; it belongs in {string.Join(" or ", elsewhere)}" : "";
    }
}
