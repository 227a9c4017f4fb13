using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Loading;

namespace Supervisor.Core.Configuration.Options;

/// <summary>Reads options of one section: finds the text, expands it, converts it.</summary>
internal sealed class SectionReader(LoadContext load, string section, ExpansionScope scope)
{
    public string Section => section;

    /// <summary>The converted value; the converted default when the option is not there, or is wrong and that is noted.</summary>
    public T Get<T>(Option<T> row)
    {
        try
        {
            if (Text(row.Name) is { } text)
            {
                return row.Convert(text, load.Machine);
            }
        }
        catch (ConfigException e) when (load.Findings is not null)
        {
            load.Findings.Error(e.Message, section, row.Name);
        }

        return row.DefaultText is null ? default! : row.Convert(row.DefaultText, load.Machine);
    }

    /// <summary>The expanded text, or null when the option is not there.</summary>
    public string? Text(string option)
    {
        if (Raw(option) is not { } raw)
        {
            return null;
        }

        if (SecretVariables.MayBeIn(option))
        {
            load.Secrets.Note(raw);
        }

        return scope.Expand(raw, section + "." + option, isSecret: option == HttpServerOptions.Password.Name);
    }

    /// <summary>The text as written, or null when the option is not there.</summary>
    public string? Raw(string option) => load.Document.Get(section, option)?.Text;
}
