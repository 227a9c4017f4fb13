namespace Supervisor.Core.Configuration.Options;

/// <summary>One option of a section: everything that needs to know about it reads this row.</summary>
/// <param name="name">Lower-case key.</param>
/// <param name="typeName">What people call its values, such as <c>bytes</c>.</param>
/// <param name="defaultText">The default as it would be written in the file; null when unset means "not set".</param>
/// <param name="doc">One sentence for people.</param>
internal abstract class OptionRow(string name, string typeName, string? defaultText, string doc)
{
    public string Name { get; } = name;

    public string TypeName { get; } = typeName;

    public string? DefaultText { get; } = defaultText;

    /// <summary>What an absent option means where <see cref="DefaultText"/> cannot say it.</summary>
    public string? DefaultNote { get; init; }

    /// <summary>Python Supervisor refuses the section without it.</summary>
    public bool IsRequired { get; init; }

    public string Doc { get; } = doc;
}

/// <summary>An option whose text converts to <typeparamref name="T"/>.</summary>
/// <param name="name">Lower-case key.</param>
/// <param name="type">Converts its texts.</param>
/// <param name="defaultText">Written form of the default; null leaves <c>default(T)</c>.</param>
/// <param name="doc">One sentence for people.</param>
internal sealed class Option<T>(string name, Datatype<T> type, string? defaultText, string doc)
    : OptionRow(name, type.Name, defaultText, doc)
{
    public T Convert(string text, MachineDatatypes machine) => type.Convert(text, machine);
}

/// <summary>A kind of value.</summary>
/// <param name="Name">For people.</param>
/// <param name="Convert">From the expanded text; throws <see cref="ConfigException"/> with Supervisor's text.</param>
internal sealed record Datatype<T>(string Name, Func<string, MachineDatatypes, T> Convert)
{
    /// <summary>The same values, with another text for whatever is refused.</summary>
    /// <param name="message">From the refused text.</param>
    public Datatype<T> Refusing(Func<string, string> message) => new(Name, (text, machine) =>
    {
        try
        {
            return Convert(text, machine);
        }
        catch (ConfigException e)
        {
            throw new ConfigException(message(text), e);
        }
    });

    /// <summary>The same values, of a type that can also be absent.</summary>
    public Datatype<TOther> As<TOther>(Func<T, TOther> convert) => new(Name, (text, machine) => convert(Convert(text, machine)));
}
