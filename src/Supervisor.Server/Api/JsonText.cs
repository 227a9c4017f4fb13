using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Api;

/// <summary>Values of the XML-RPC data model as JSON, both ways, without reflection.</summary>
internal static class JsonText
{
    /// <summary>Deeper documents are refused; no method takes more than four levels.</summary>
    private const int MaximumDepth = 32;

    // The writer wants room for the worst case of a whole text.
    private const int Segment = 16 * 1024;

    // What is sent is never embedded in a page: it need not be escaped for one.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, s_options);

    public static byte[] Document(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = Writer(output))
        {
            write(json);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>A document that may be long.</summary>
    /// <exception cref="AnswerTooLongException">The lease has no room for it.</exception>
    public static ReadOnlyMemory<byte> Document(Action<Utf8JsonWriter> write, AnswerLease lease)
    {
        var output = new JsonOutput(lease);
        using (var json = Writer(output))
        {
            write(json);
        }

        return output.Written;
    }

    public static void Write(Utf8JsonWriter json, RpcValue value)
    {
        switch (value)
        {
            case RpcString { Value.Length: > Segment } s:
                WriteLong(json, s.Value);
                break;
            case RpcString s:
                json.WriteStringValue(s.Value);
                break;
            case RpcInt i:
                json.WriteNumberValue(i.Value);
                break;
            case RpcBool b:
                json.WriteBooleanValue(b.Value);
                break;
            case RpcDouble d when double.IsFinite(d.Value):
                json.WriteNumberValue(d.Value);
                break;
            case RpcDateTime t:
                json.WriteStringValue(t.Value);
                break;
            case RpcArray a:
                json.WriteStartArray();
                foreach (var item in a.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case RpcStruct s:
                json.WriteStartObject();
                foreach (var (name, member) in s.Members)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteLong(Utf8JsonWriter json, ReadOnlySpan<char> text)
    {
        while (text.Length > Segment)
        {
            // Both halves of a pair go into the same one.
            var length = char.IsHighSurrogate(text[Segment - 1]) ? Segment - 1 : Segment;
            json.WriteStringValueSegment(text[..length], isFinalSegment: false);
            text = text[length..];
        }

        json.WriteStringValueSegment(text, isFinalSegment: true);
    }

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="RpcFaultException">INCORRECT_PARAMETERS: it is not JSON, or not of a kind that calls are made of.</exception>
    public static RpcValue Read(ReadOnlySpan<byte> document)
    {
        try
        {
            var reader = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = MaximumDepth });
            reader.Read();
            var value = Read(ref reader);
            return reader.Read() ? throw new JsonException("more than one value") : value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RpcFaultException(FaultCode.IncorrectParameters, $"the body is not JSON: {e.Message}");
        }
    }

    private static RpcValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new RpcString(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? new RpcInt(number) : new RpcDouble(reader.GetDouble());
            case JsonTokenType.True or JsonTokenType.False:
                return reader.GetBoolean();
            case JsonTokenType.Null:
                return RpcNil.Instance;
            case JsonTokenType.StartArray:
                var items = new List<RpcValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader));
                }

                return new RpcArray(items);
            case JsonTokenType.StartObject:
                var members = new List<KeyValuePair<string, RpcValue>>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members.Add(new(name, Read(ref reader)));
                }

                return new RpcStruct(members);
            default:
                throw new JsonException("nothing in it");
        }
    }
}
